"""An origin access control: what S3 lets a distribution read, by the bucket's and the key's policies."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local_cloud import origin_access
from local_cloud.edge import s3
from tests.local_edge.build import field, origin, request
from tests.local_edge.small_cloud import SECRET, Edge, SmallCloud
from tests.local_edge.templates import BUCKET, behaviour, distribution
from tests.web import send

ARN = "arn:aws:cloudfront::000000000000:distribution/"
OTHER = ARN + "E0000000000000"


class Origin:
    """A distribution with an origin access control, its edge, and the policies of what is behind it."""

    def __init__(self, cloud: SmallCloud, edge: Edge, arn: str) -> None:
        self.cloud, self.edge, self.arn = cloud, edge, arn

    def grant(self, *actions: str, arn: str = "", **conditions: dict[str, str]) -> None:
        """Makes this the bucket's policy; `conditions` go with s3:ListBucket."""
        resources = {"s3:ListBucket": f"arn:aws:s3:::{BUCKET}"}
        statements = [
            self.statement(
                each,
                resources.get(each, f"arn:aws:s3:::{BUCKET}/private/*"),
                arn or self.arn,
                conditions if each == "s3:ListBucket" else {},
            )
            for each in actions
        ]
        self.cloud.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": statements}))

    @staticmethod
    def statement(action: str, resource: str, arn: str, conditions: dict[str, Any]) -> dict[str, Any]:
        return {
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": action,
            "Resource": resource,
            "Condition": {"StringEquals": {"AWS:SourceArn": arn}, **conditions},  # as the CDK spells it
        }


@pytest.fixture(scope="module")
def served(cloud: SmallCloud) -> Iterator[tuple[Edge, str]]:
    template = distribution(behaviour(TargetOriginId="with-oac"), prefix="access")
    made = cloud.deploy("access", template)
    with cloud.edge(made) as edge:
        yield edge, ARN + made


@pytest.fixture
def access(cloud: SmallCloud, served: tuple[Edge, str]) -> Iterator[Origin]:
    yield Origin(cloud, *served)
    cloud.s3.delete_bucket_policy(Bucket=BUCKET)


def test_the_distribution_reads_what_the_bucket_policy_grants_it_and_nobody_else_does(
    cloud: SmallCloud, access: Origin
) -> None:
    cloud.put("private/a.txt", b"content")
    cloud.put("other/a.txt", b"content")
    assert access.edge.get("/private/a.txt").status == 403
    access.grant("s3:GetObject")
    answer = access.edge.get("/private/a.txt")
    assert (answer.status, answer.body) == (200, b"content")
    assert access.edge.get("/private/a.txt", method="HEAD").status == 200
    assert access.edge.get("/other/a.txt").status == 403
    assert cloud.at_s3("/private/a.txt").status == 403


def test_another_distribution_is_kept_out_by_the_source_arn(cloud: SmallCloud, access: Origin) -> None:
    cloud.put("private/a.txt", b"content")
    access.grant("s3:GetObject", arn=OTHER)
    answer = access.edge.get("/private/a.txt")
    assert (answer.status, field(answer.body, "Code")) == (403, "AccessDenied")


def test_ranges_conditions_and_odd_keys_work_behind_an_origin_access_control(
    cloud: SmallCloud, access: Origin
) -> None:
    cloud.put("private/ü & b+c%.txt", b"0123456789")
    access.grant("s3:GetObject")
    path = "/private/%C3%BC%20%26%20b%2Bc%25.txt"
    part = access.edge.get(path, range="bytes=2-4")
    assert (part.status, part.body) == (206, b"234")
    assert access.edge.get(path, if_none_match=part.headers["etag"]).status == 304


def test_a_missing_object_is_a_403_without_the_right_to_list(access: Origin) -> None:
    access.grant("s3:GetObject")
    assert access.edge.get("/private/none").status == 403
    access.grant("s3:GetObject", "s3:ListBucket")
    answer = access.edge.get("/private/none")
    assert (answer.status, field(answer.body, "Code")) == (404, "NoSuchKey")
    assert access.edge.get("/other/none").status == 403


def test_a_condition_on_the_prefix_has_to_allow_its_absence_for_a_404(access: Origin) -> None:
    access.grant("s3:GetObject", "s3:ListBucket", StringLike={"s3:prefix": "private/*"})
    assert access.edge.get("/private/none").status == 403
    access.grant("s3:GetObject", "s3:ListBucket", StringLikeIfExists={"s3:prefix": "private/*"})
    assert access.edge.get("/private/none").status == 404
    assert access.edge.get("/").status == 403


def test_the_right_to_list_lists_the_bucket_at_its_root(cloud: SmallCloud, access: Origin) -> None:
    cloud.put("private/a.txt", b"content")
    access.grant("s3:GetObject", "s3:ListBucket")
    answer = access.edge.get("/?prefix=private/&acl2=")
    assert (answer.status, "<Key>private/a.txt</Key>" in answer.body.decode()) == (200, True)


@pytest.mark.parametrize(
    "path", ["/_ministack/config", "/_ministack/health", "/health", "/_aws/execute-api/x/y"]
)
def test_nothing_of_ministacks_own_is_reached(access: Origin, path: str) -> None:
    access.grant("s3:ListBucket")
    everything = access.statement("s3:*", "*", access.arn, {})
    access.cloud.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": [everything]}))
    answer = access.edge.get(path)
    assert (answer.status, field(answer.body, "Code")) == (404, "NoSuchKey")


@pytest.mark.parametrize("query", ["acl", "tagging", "versionId=null", "policy", "uploads"])
def test_a_query_that_asks_for_another_api_is_not_covered_by_the_grant(
    cloud: SmallCloud, access: Origin, query: str
) -> None:
    cloud.put("private/a.txt", b"content")
    access.grant("s3:GetObject", "s3:ListBucket")
    assert access.edge.get(f"/private/a.txt?{query}").status == 403
    assert access.edge.get(f"/?{query}").status == 403


def test_a_signed_request_may_choose_response_headers_and_unknown_parameters_do_nothing(
    cloud: SmallCloud, access: Origin
) -> None:
    cloud.put("private/a.txt", b"content")
    access.grant("s3:GetObject")
    answer = access.edge.get("/private/a.txt?v=2&response-content-disposition=attachment")
    assert (answer.status, answer.headers["content-disposition"]) == (200, "attachment")


def test_an_object_under_a_kms_key_needs_the_keys_grant_too(cloud: SmallCloud, access: Origin) -> None:
    access.grant("s3:GetObject")
    kms = cloud.root("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    cloud.put("private/k.txt", b"content", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert access.edge.get("/private/k.txt").status == 403
    for arn, status in ((OTHER, 403), (access.arn, 200)):
        statement = access.statement("kms:Decrypt", "*", arn, {})
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps({"Statement": [statement]}))
        assert access.edge.get("/private/k.txt").status == status


def test_a_key_of_the_buckets_own_region_is_found(cloud: SmallCloud) -> None:
    kms = cloud.root("kms", "eu-west-1")
    statement = Origin.statement("kms:Decrypt", "*", OTHER, {})
    made = kms.create_key(Policy=json.dumps({"Statement": [statement]}))["KeyMetadata"]["Arn"]
    s3_there = cloud.root("s3", "eu-west-1")
    where: Any = {"LocationConstraint": "eu-west-1"}
    s3_there.create_bucket(Bucket="edge-test-elsewhere", CreateBucketConfiguration=where)
    s3_there.put_object(
        Bucket="edge-test-elsewhere", Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=made
    )
    grant = Origin.statement("s3:GetObject", "arn:aws:s3:::edge-test-elsewhere/*", OTHER, {})
    s3_there.put_bucket_policy(Bucket="edge-test-elsewhere", Policy=json.dumps({"Statement": [grant]}))
    for arn, status in ((OTHER, 200), (ARN + "E1", 403)):
        answer = send(
            cloud.endpoint,
            "/k",
            host="edge-test-elsewhere.s3.eu-west-1.amazonaws.com",
            authorization=origin_access.credential(arn, SECRET),
        )
        assert answer.status == status


def test_an_explicit_deny_wins(cloud: SmallCloud, access: Origin) -> None:
    cloud.put("private/a.txt", b"content")
    statement = access.statement("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*", access.arn, {})
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
    }
    insecure = deny | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    for policy, status in (([statement, insecure], 200), ([statement, deny], 403)):
        cloud.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": policy}))
        assert access.edge.get("/private/a.txt").status == status


@pytest.mark.parametrize(
    "value", ["OriginAccessControl {arn} guess", "OriginAccessControl {arn} ", "OriginAccessControl x"]
)
def test_nobody_is_a_distribution_without_the_secret(cloud: SmallCloud, access: Origin, value: str) -> None:
    cloud.put("private/a.txt", b"content")
    access.grant("s3:GetObject")
    assert cloud.at_s3("/private/a.txt", authorization=value.format(arn=access.arn)).status == 403


def test_without_a_secret_no_distribution_gets_in() -> None:
    headers = [(b"Authorization", origin_access.credential(OTHER, "").encode())]
    with pytest.raises(origin_access.Refused):
        origin_access.distribution_of(headers, "")
    assert origin_access.distribution_of([(b"authorization", b"Bearer x")], "") is None


def test_always_overwrites_the_viewers_authorization_and_no_override_lets_it_stand() -> None:
    own = ("Authorization", "own")
    asked, bare = request(headers=(("authorization", "viewer's"),)), request(headers=())
    assert s3.signed(origin(identity="always"), asked, "own").headers == (own,)
    assert s3.signed(origin(identity="no-override"), asked, "own") == asked
    assert s3.signed(origin(identity="no-override"), bare, "own").headers == (own,)
    for identity in ("never", "none", "origin-access-identity"):
        assert s3.signed(origin(identity=identity), asked, "own") == asked
