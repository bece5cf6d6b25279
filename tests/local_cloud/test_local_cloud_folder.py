"""The instance's folder: held by one, emptied of what is ours, never of anything else."""

import json
import os
import stat
import tempfile
from pathlib import Path

import pytest

from local_cloud.folder import FolderInUse, FolderRefused, InstanceFolder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "local"


def test_a_held_folder_is_refused_with_the_holders_pid(path: Path) -> None:
    held = InstanceFolder(path)
    held.acquire()
    with pytest.raises(FolderInUse, match=rf"pid {os.getpid()}\b"):
        InstanceFolder(path).acquire()
    held.release()
    assert not path.exists()


def test_what_a_crash_left_is_cleared_by_the_next_holder(path: Path) -> None:
    crashed = InstanceFolder(path)
    crashed.acquire()
    crashed.publish({"Region": "old"}, "")
    (crashed.work / "leftover").write_text("old")
    os.close(crashed.descriptor)

    following = InstanceFolder(path)
    following.acquire()
    assert not following.outputs.exists()
    assert not (following.work / "leftover").exists()
    following.release()


def test_a_folder_with_somebodys_files_is_refused_and_left_alone(path: Path) -> None:
    path.mkdir()
    (path / "thesis.txt").write_text("years")
    with pytest.raises(FolderRefused, match="other files"):
        InstanceFolder(path).acquire()
    assert [entry.name for entry in path.iterdir()] == ["thesis.txt"]


def test_a_file_that_somebody_put_there_meanwhile_survives(path: Path) -> None:
    folder = InstanceFolder(path)
    folder.acquire()
    (path / "note.txt").write_text("mine")
    folder.release()
    assert [entry.name for entry in path.iterdir()] == ["note.txt"]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FolderRefused, match="No such file or directory"):
        InstanceFolder(tmp_path / "missing" / "local").acquire()


def test_a_folder_that_cannot_be_written_is_one_sentence(path: Path) -> None:
    path.mkdir()
    (path / "local-cloud.lock").mkdir()
    with pytest.raises(FolderRefused, match=rf"^can't use LOCAL_DIR {path}: Is a directory$"):
        InstanceFolder(path).acquire()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a moment")
def test_somebody_elses_folder_is_one_sentence() -> None:
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        os.seteuid(65534)
        try:
            with pytest.raises(FolderRefused, match=rf"^can't use LOCAL_DIR {made}: Permission denied$"):
                InstanceFolder(Path(made)).acquire()
        finally:
            os.seteuid(0)


def test_published_files_are_whole_and_their_owners_only(path: Path) -> None:
    folder = InstanceFolder(path)
    folder.acquire()
    folder.publish({"Region": "eu-west-1"}, "export AWS_REGION=eu-west-1\n")
    assert json.loads(folder.outputs.read_text()) == {"Region": "eu-west-1"}
    assert [stat.S_IMODE(file.stat().st_mode) for file in (folder.outputs, folder.shell)] == [0o600, 0o600]
    folder.release()


def test_releasing_twice_or_unheld_does_nothing(path: Path) -> None:
    folder = InstanceFolder(path)
    folder.release()
    folder.acquire()
    folder.release()
    folder.release()
    with pytest.raises(FolderRefused, match="isn't held"):
        _ = folder.descriptor
