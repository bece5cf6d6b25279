"""Has MiniStack unpack a function's code once, for all of its processes.

MiniStack starts a process for each invocation that runs beside others, and unpacks the code for it alone:
hundreds of files, which Python then compiles because nothing was ever loaded from there. That was most of
what such a process cost. Here every archive is unpacked once, and the processes load from there. They only
read it, as on AWS (Lambda Developer Guide, "Lambda execution environment": /var/task).
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


def share(folder: Path) -> None:
    """Have MiniStack do that from now on, with the unpacked code in `folder`.

    Raises:
        LookupError: this MiniStack starts its processes in another way.
    """
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    script: str = getattr(runtime, _SCRIPT)
    if _NAMED not in script:
        raise LookupError("MiniStack's processes don't say where their code is")
    setattr(runtime, _SCRIPT, script.replace(_NAMED, _RESOLVED))
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
