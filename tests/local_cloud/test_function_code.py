"""Where the processes of functions have their code from."""

import zipfile
from pathlib import Path

from local_cloud.ministack.function_code import unpacking_into


def test_code_is_unpacked_once_for_each_archive_and_outlives_the_processes_folder(tmp_path: Path) -> None:
    archive = unpacking_into(tmp_path / "functions")
    unpacked = {}
    for process, source in (("first", "1"), ("second", "1"), ("changed", "2")):
        code = tmp_path / process / "code"
        code.mkdir(parents=True)
        packed = tmp_path / process / "code.zip"
        with zipfile.ZipFile(packed, "w") as opened:
            opened.writestr(zipfile.ZipInfo("handler.py"), source)
        with archive(packed) as opened:
            opened.extractall(code)
        assert (code / "handler.py").read_text() == source
        unpacked[process] = code.resolve()
    assert unpacked["first"] == unpacked["second"] != unpacked["changed"]
    assert len(list((tmp_path / "functions").iterdir())) == 2
