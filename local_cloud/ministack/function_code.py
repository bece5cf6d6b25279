"""Has MiniStack's processes load a function's code from one place, and nothing beside it.

MiniStack starts a process for each invocation that runs beside others, and unpacks the code for it alone:
hundreds of files, which Python then compiles because nothing was ever loaded from there. That was most of
what such a process cost. Here every archive is unpacked once, and the processes load from there. They only
read it, as on AWS (Lambda Developer Guide, "Lambda execution environment": /var/task).

Each process would also load botocore, to count in every call that a function makes how deep functions call
functions. That was ten times what a guard loads, which makes its calls without. Here botocore is loaded when
the function loads it.
"""

import hashlib
import importlib
import os
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_SCRIPT = "_PYTHON_WORKER_SCRIPT"
_NAMED = 'code_dir = init["code_dir"]'
_RESOLVED = 'code_dir = os.path.realpath(init["code_dir"])'
_AT_ONCE = "    _ms_install_invoke_depth()\n"
_WHEN_LOADED = """
    class BeforeSessions:
        def find_spec(self, name, *_):
            if name == "botocore.session":
                sys.meta_path.remove(self)
                _ms_install_invoke_depth()

    sys.meta_path.insert(0, BeforeSessions())
"""


def share(folder: Path) -> None:
    """Have MiniStack do that from now on, with the unpacked code in `folder`.

    Raises:
        LookupError: this MiniStack starts its processes in another way.
    """
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    script: str = getattr(runtime, _SCRIPT)
    for theirs, ours in ((_NAMED, _RESOLVED), (_AT_ONCE, _WHEN_LOADED)):
        if theirs not in script:
            raise LookupError(f"MiniStack's processes don't start with {theirs.strip()}")
        script = script.replace(theirs, ours)
    setattr(runtime, _SCRIPT, script)
    runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": unpacking_into(folder)})


def unpacking_into(folder: Path) -> type[zipfile.ZipFile]:
    """A kind of archive whose `extractall` makes a link to its files, which are unpacked once."""
    lock = threading.Lock()

    class Archive(zipfile.ZipFile):
        def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
            """Put a link in place of the empty folder `path`."""
            shared = folder / hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
            with lock:
                if not shared.exists():
                    super().extractall(shared, members, pwd)
            link = Path(os.fspath(path))
            link.rmdir()
            link.symlink_to(shared, target_is_directory=True)

    return Archive
