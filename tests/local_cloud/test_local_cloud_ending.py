"""How a local cloud ends that was never up: by a signal, by force, or by a fault during its start.

How one ends that serves is where one serves: `test_local_cloud_serving` and `test_local_cloud_region`.
"""

import signal
import socket
import sys
from pathlib import Path

import pytest

from local_cloud.cloud import CloudFailed, LocalCloud
from tests.local_cloud import processes
from tests.local_cloud.launcher import Launcher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "local"


@pytest.mark.parametrize(
    ("step", "number"),
    [
        ("MiniStack", signal.SIGINT),
        ("cdk bootstrap", signal.SIGTERM),
        ("cdk synth", signal.SIGINT),
        ("cdk deploy", signal.SIGHUP),
        ("local edge", signal.SIGINT),
    ],
)
def test_a_signal_during_any_step_ends_the_start_and_leaves_nothing(
    folder: Path, step: str, number: signal.Signals
) -> None:
    with Launcher("up", folder) as up:
        status = up.reach(f"  {step}").finish(number, 15)
    assert status == 128 + number
    assert "stopped before it was ready" in up.output
    assert up.left_nothing()


def test_a_second_signal_does_not_interrupt_the_tidying_up(folder: Path) -> None:
    with Launcher("up", folder) as up:
        up.reach("  cdk bootstrap")
        while "stopped" not in up.output:
            up.process.send_signal(signal.SIGINT)
        assert up.finish() == 128 + signal.SIGINT
    assert up.left_nothing()


def test_when_the_launcher_is_killed_during_a_step_all_that_it_started_ends_by_itself(folder: Path) -> None:
    with Launcher("up", folder) as up:
        up.reach("  cdk bootstrap").finish(signal.SIGKILL)
    assert processes.within(15, up.left_nothing), processes.of(folder)


def test_a_failed_start_names_the_step_and_the_reason_on_one_screen(folder: Path) -> None:
    with pytest.raises(CloudFailed) as failed, LocalCloud(folder, context={"alarm_email": "nobody"}):
        pass
    complaint = str(failed.value)
    assert complaint.startswith("cdk synth: ")
    assert "alarm_email" in complaint
    assert len(complaint.splitlines()) <= 24
    assert not folder.exists()
    assert not processes.of(folder)


def test_a_port_that_is_taken_is_told_before_anything_starts(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Launcher("up", folder, PORT=str(port)) as up:
            assert up.finish(seconds=10) == 1
    assert f"port {port} on 127.0.0.1 can't be used: Address already in use" in up.output
    assert up.left_nothing()


@pytest.mark.parametrize(
    ("command", "name", "value", "complaint"),
    [
        ("up", "AWS_PORT", "http", "AWS_PORT must be a port number"),
        ("up", "REGION", "Frankfurt", "REGION must be an AWS region such as eu-west-1; it is 'Frankfurt'"),
        ("up", "ISSUER_AUTH", "everyone", "ISSUER_AUTH must be none, iam or jwt; it is 'everyone'"),
        ("demo", "REGION", "Frankfurt", "REGION must be an AWS region"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line_before_anything_starts(
    folder: Path, command: str, name: str, value: str, complaint: str
) -> None:
    with Launcher(command, folder, **{name: value}) as up:
        assert up.finish(seconds=10) == 1
    [told] = up.output.splitlines()
    assert told.startswith(f"local cloud: {complaint}")
    assert not folder.exists()


def test_a_folder_that_cannot_be_used_is_told_in_one_line_before_anything_starts(folder: Path) -> None:
    with Launcher("up", folder, LOCAL_DIR="/dev/null/local") as up:
        assert up.finish(seconds=10) == 1
    assert up.output.splitlines()[-1] == "local cloud: can't use LOCAL_DIR /dev/null/local: Not a directory"
    assert "Starting" not in up.output
