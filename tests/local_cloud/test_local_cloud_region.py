"""A local cloud in another region than us-east-1, where Lambda@Edge has its functions, until it is killed."""

import signal
import sys
from collections.abc import Iterator

import pytest

from local_cloud.clients import connect
from local_cloud.users import People, sign_in
from tests.local_cloud import processes
from tests.local_cloud.launcher import Launcher
from tests.web import Deployment, follow, send

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    with Launcher("up", tmp_path_factory.mktemp("abroad") / "local", REGION="eu-west-1") as launcher:
        yield launcher.reach("Ctrl-C")


def test_elsewhere_data_and_api_are_at_home_and_links_work_once(abroad: Launcher) -> None:
    served = Deployment.from_file(abroad.folder / "outputs.json")
    served.s3.put_object(Bucket=served.bucket, Key="abroad", Body=b"once")
    link = served.mint("abroad")["url"]
    assert served.outputs["Region"] == "eu-west-1"
    assert "%2Feu-west-1%2Fs3%2F" in link
    assert follow(link).body == b"once"
    assert follow(link).reason == "403 used"
    served.s3.put_object(Bucket=served.bucket, Key="private/shared/abroad", Body=b"signed in")
    private = served.outputs["PrivateUrl"]
    assert send(private, "/shared/abroad").status == 401
    cognito = connect(served.outputs["AwsEndpointUrl"], "eu-west-1").cognito
    token = sign_in(cognito, People(abroad.folder / "work").account("member"), "member")["id_token"]
    assert send(private, "/shared/abroad", authorization=f"Bearer {token}").body == b"signed in"


def test_when_the_launcher_is_killed_while_serving_servers_and_functions_end_by_themselves(
    abroad: Launcher,
) -> None:
    assert "_worker.py" in " ".join(processes.of(abroad.folder).values())
    abroad.finish(signal.SIGKILL)
    assert processes.within(15, abroad.left_nothing), processes.of(abroad.folder)
