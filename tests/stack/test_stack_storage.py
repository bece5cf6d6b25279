"""The bucket and the table: closed, kept, and in one region."""

import re

from onetime_urls.protocol.links.claims import (
    Claim,
    Follower,
    cancel_request,
    claim_request,
    follow_request,
    release_request,
)
from onetime_urls.protocol.links.record import outcome_request, revoke_request
from tests.stack.synthesis import Synthesised, flat

BUCKET = ["<AssetsBucket252B3DF7.Arn>", "<AssetsBucket252B3DF7.Arn>/*"]


def test_the_bucket_is_private_encrypted_versioned_and_owned_without_acls(default: Synthesised) -> None:
    bucket = default.one("AWS::S3::Bucket")
    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    ]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_uploads_that_were_never_finished_are_removed(default: Synthesised) -> None:
    [rule] = default.one("AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert rule["Status"] == "Enabled"


def test_the_buckets_policy_only_denies_no_tls_old_tls_and_signature_version_2(default: Synthesised) -> None:
    statements = flat(default.one("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"])
    for statement in statements:
        assert statement["Effect"] == "Deny"
        assert statement["Principal"] == {"AWS": "*"}
        assert statement["Action"] == "s3:*"
        assert statement["Resource"] == BUCKET
    assert [statement["Condition"] for statement in statements] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": 1.2}},
        {"StringEquals": {"s3:signatureversion": "AWS"}},
    ]


def test_an_imported_bucket_is_used_as_it_is(tailored: Synthesised) -> None:
    assert list(tailored.resources("AWS::S3::Bucket")) == []
    assert list(tailored.resources("AWS::S3::BucketPolicy")) == []
    assert tailored.templates["Acme-Links"]["Outputs"]["AssetsBucketName"]["Value"] == "acme-files"


def test_the_table_is_on_demand_keyed_by_signature_and_expires_by_ttl(every: Synthesised) -> None:
    table = every.one("AWS::DynamoDB::GlobalTable", named="Links")
    assert table["KeySchema"] == [{"AttributeName": "signature", "KeyType": "HASH"}]
    assert sorted(
        (each["AttributeName"], each["AttributeType"]) for each in table["AttributeDefinitions"]
    ) == [
        ("issued_at", "N"),
        ("object_key", "S"),
        ("shard", "S"),
        ("signature", "S"),
    ]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_the_indexes_of_links_hold_nothing_that_a_claim_changes(every: Synthesised) -> None:
    indexes = every.one("AWS::DynamoDB::GlobalTable", named="Links")["GlobalSecondaryIndexes"]
    held = {"signature"}
    for index, name, item in zip(indexes, ("by-key", "by-time"), ("object_key", "shard"), strict=True):
        assert index["KeySchema"] == [
            {"AttributeName": item, "KeyType": "HASH"},
            {"AttributeName": "issued_at", "KeyType": "RANGE"},
        ]
        assert index["IndexName"] == name
        assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
        held |= {each["AttributeName"] for each in index["KeySchema"]}
    claim, follower = Claim("r", 1, "203.0.113.7", "a", "us-east-1"), Follower("r", "k", 1, 1)
    for request in (
        claim_request("t", "s", "f", claim),
        follow_request("t", "s", "f", follower),
        cancel_request("t", "s", "f", "r", 1),
        release_request("t", "s", "f", "r", 1),
        revoke_request("t", "s", 1),
        outcome_request("t", "s", "r", "delivered"),
    ):
        changed = request["UpdateExpression"]
        for alias, name in request.get("ExpressionAttributeNames", {}).items():
            changed = changed.replace(alias, name)
        assert not held & set(re.findall(r"\w+", changed))


def test_the_table_has_one_replica_in_the_home_region_with_point_in_time_recovery(
    default: Synthesised, abroad: Synthesised
) -> None:
    for made, region in ((default, "us-east-1"), (abroad, "eu-west-1")):
        [replica] = made.one("AWS::DynamoDB::GlobalTable", named="Links")["Replicas"]
        assert replica["Region"] == region
        assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_what_holds_data_stays_when_the_stack_goes(default: Synthesised) -> None:
    for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::GlobalTable", "AWS::Logs::LogGroup"):
        kept = list(default.resources(kind))
        assert {each["UpdateReplacePolicy"] for each in kept} == {"Retain"}
        assert {each["DeletionPolicy"] for each in kept} <= {"Retain", "RetainExceptOnCreate"}


def test_a_first_deployment_that_fails_leaves_no_named_table_in_the_way_of_the_next(
    every: Synthesised,
) -> None:
    tables = list(every.resources("AWS::DynamoDB::GlobalTable"))
    assert len(tables) == 2
    for table in tables:
        assert table["DeletionPolicy"] in ("RetainExceptOnCreate", "Delete")
        for replica in table["Properties"]["Replicas"]:
            assert not replica.get("DeletionProtectionEnabled")


def test_a_disposable_deployment_leaves_nothing(disposable: Synthesised) -> None:
    for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::GlobalTable", "AWS::Logs::LogGroup"):
        told = {(each["DeletionPolicy"], each["UpdateReplacePolicy"]) for each in disposable.resources(kind)}
        assert told == {("Delete", "Delete")}
