"""A local cloud in another region than us-east-1, where Lambda@Edge has its functions."""

from pathlib import Path

from local_cloud.clients import connect
from local_cloud.cloud import LocalCloud
from local_cloud.users import People, sign_in
from tests.web import Deployment, follow, send


def test_elsewhere_data_and_api_are_at_home_and_links_work_once(tmp_path: Path) -> None:
    with LocalCloud(tmp_path / "local", region="eu-west-1") as cloud:
        served = Deployment.from_outputs(cloud.outputs)
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
        token = sign_in(cognito, People(cloud.folder.work).account("member"), "member")["id_token"]
        assert send(private, "/shared/abroad", authorization=f"Bearer {token}").body == b"signed in"
