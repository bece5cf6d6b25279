"""Public keys and key groups as CloudFormation resources, under AWS's rules."""

import datetime
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives.asymmetric import ec

from tests.local_edge.build import field
from tests.local_edge.keys import KeyPair, p256_key, rsa_key
from tests.local_edge.small_cloud import Edge, SmallCloud
from tests.local_edge.templates import BUCKET, CACHING_OPTIMIZED, behaviour, distribution

RSA, P256 = rsa_key(), p256_key()


def public_key(key: KeyPair | str, **changed: str) -> dict[str, Any]:
    pem = key if isinstance(key, str) else key.pem
    config = {"CallerReference": "reference", "Name": "a-key", "EncodedKey": pem, **changed}
    return {"Type": "AWS::CloudFront::PublicKey", "Properties": {"PublicKeyConfig": config}}


def key_group(*items: Any, name: str = "a-group") -> dict[str, Any]:
    config = {"Name": name, "Items": [{"Ref": each} for each in items]}
    return {"Type": "AWS::CloudFront::KeyGroup", "Properties": {"KeyGroupConfig": config}}


class Stack:
    """A stack of these resources, updated step by step."""

    def __init__(self, cloud: SmallCloud) -> None:
        self.cloudformation, self.cloudfront = cloud.root("cloudformation"), cloud.root("cloudfront")
        self._calls = self.cloudformation.create_stack
        self.name = f"keys-{secrets.token_hex(4)}"

    def apply(self, **resources: dict[str, Any]) -> str:
        """The stack's status once it has these resources, each with its Ref and Id as outputs."""
        outputs = {
            f"{name}{kind}": {"Value": value}
            for name in resources
            for kind, value in (("Ref", {"Ref": name}), ("Id", {"Fn::GetAtt": [name, "Id"]}))
        }
        template = json.dumps({"Resources": resources, "Outputs": outputs})
        self._calls(StackName=self.name, TemplateBody=template)
        self._calls = self.cloudformation.update_stack
        return self._settled()

    def delete(self) -> str:
        self.name = str(self.described["StackId"])  # by which a deleted one is still described
        self.cloudformation.delete_stack(StackName=self.name)
        return self._settled()

    def _settled(self) -> str:
        while (status := str(self.described["StackStatus"])).endswith("IN_PROGRESS"):
            time.sleep(0.05)
        return status

    @property
    def described(self) -> dict[str, Any]:
        [stack] = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        return dict(stack)

    @property
    def outputs(self) -> dict[str, str]:
        return {each["OutputKey"]: each["OutputValue"] for each in self.described["Outputs"]}

    @property
    def reasons(self) -> str:
        """Everything that went wrong so far."""
        events = self.cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return " ".join(each.get("ResourceStatusReason", "") for each in events)


@pytest.fixture
def stack(cloud: SmallCloud) -> Iterator[Stack]:
    made = Stack(cloud)
    yield made
    made.cloudformation.delete_stack(StackName=made.name)


def test_keys_and_groups_are_made_and_known_to_the_api_by_their_ref(stack: Stack) -> None:
    assert stack.apply(Key=public_key(RSA), Other=public_key(P256), Group=key_group("Key", "Other")) == (
        "CREATE_COMPLETE"
    )
    told = stack.outputs
    assert told["KeyRef"] == told["KeyId"]
    key = stack.cloudfront.get_public_key(Id=told["KeyRef"])["PublicKey"]
    assert key["PublicKeyConfig"]["EncodedKey"] == RSA.pem
    group = stack.cloudfront.get_key_group(Id=told["GroupId"])["KeyGroup"]
    assert group["KeyGroupConfig"]["Items"] == [told["KeyRef"], told["OtherRef"]]
    stack.delete()
    assert told["KeyRef"] not in str(stack.cloudfront.list_public_keys())
    assert told["GroupRef"] not in str(stack.cloudfront.list_key_groups())


def test_a_rotation_is_a_new_key_that_joins_the_group_before_the_old_one_leaves(stack: Stack) -> None:
    stack.apply(A=public_key(RSA), Group=key_group("A"))
    before = stack.outputs
    second = public_key(P256, Name="b", CallerReference="b")
    assert stack.apply(A=public_key(RSA), B=second, Group=key_group("A", "B")) == "UPDATE_COMPLETE"
    assert stack.outputs["GroupRef"] == before["GroupRef"]
    assert stack.apply(B=second, Group=key_group("B")) == "UPDATE_COMPLETE"
    group = stack.cloudfront.get_key_group(Id=before["GroupRef"])["KeyGroup"]
    assert group["KeyGroupConfig"]["Items"] == [stack.outputs["BRef"]]
    assert before["ARef"] not in str(stack.cloudfront.list_public_keys())


def test_only_the_comment_of_a_public_key_can_change(stack: Stack) -> None:
    stack.apply(Key=public_key(RSA))
    key = stack.outputs["KeyRef"]
    assert stack.apply(Key=public_key(RSA, Comment="new")) == "UPDATE_COMPLETE"
    assert stack.outputs["KeyRef"] == key
    assert stack.apply(Key=public_key(P256, Comment="new")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "CannotChangeImmutablePublicKeyFields" in stack.reasons
    assert stack.cloudfront.get_public_key(Id=key)["PublicKey"]["PublicKeyConfig"]["EncodedKey"] == RSA.pem


@pytest.mark.parametrize(
    "encoded", ["", "no key", rsa_key(1024).pem, KeyPair(ec.generate_private_key(ec.SECP384R1())).pem]
)
def test_a_key_that_cloudfront_would_not_take_is_refused(stack: Stack, encoded: str) -> None:
    assert stack.apply(Key=public_key(encoded)) == "ROLLBACK_COMPLETE"
    assert "InvalidArgument: EncodedKey" in stack.reasons


def test_a_group_of_keys_that_are_not_there_or_of_six_is_refused(stack: Stack) -> None:
    keys = {f"K{each}": public_key(RSA, Name=str(each), CallerReference=str(each)) for each in range(6)}
    assert stack.apply(**keys, Group=key_group(*keys)) == "ROLLBACK_COMPLETE"
    assert "TooManyPublicKeysInKeyGroup" in stack.reasons


def test_what_is_in_use_cannot_be_deleted(stack: Stack) -> None:
    stack.apply(Key=public_key(RSA))
    key = stack.outputs["KeyRef"]
    elsewhere = stack.cloudfront.create_key_group(KeyGroupConfig={"Name": "elsewhere", "Items": [key]})
    assert stack.delete() == "DELETE_FAILED"
    assert "PublicKeyInUse" in stack.reasons
    stack.cloudfront.delete_key_group(Id=elsewhere["KeyGroup"]["Id"], IfMatch=elsewhere["ETag"])


def signed(edge: Edge, name: str, key: KeyPair) -> str:
    """The target of a URL that botocore's signer makes, with SHA-256."""
    signer = CloudFrontSigner(name, lambda message: key.sign(message, "SHA256"))
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    url: str = signer.generate_presigned_url(f"{edge.url}/plain.txt", date_less_than=until)
    return url.removeprefix(edge.url) + "&Hash-Algorithm=SHA256"


def test_urls_from_before_during_and_after_a_rotation_work_as_long_as_their_key_is_in_the_group(
    cloud: SmallCloud, stack: Stack
) -> None:
    cloud.put("plain.txt", b"content")
    policy = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
    }
    cloud.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Statement": [policy]}))
    restricted = behaviour(
        TargetOriginId="with-oac", CachePolicyId=CACHING_OPTIMIZED, TrustedKeyGroups=[{"Ref": "Group"}]
    )
    rest = distribution(restricted, prefix=stack.name)["Resources"]
    a, b = public_key(RSA), public_key(P256, Name="b", CallerReference="b")

    def served(group: dict[str, Any], **keys: dict[str, Any]) -> AbstractContextManager[Edge]:
        assert stack.apply(**keys, Group=group, **rest).endswith("_COMPLETE")
        return cloud.edge(stack.outputs["DistributionRef"])

    with served(key_group("A"), A=a) as edge:
        old_id = stack.outputs["ARef"]
        assert edge.get(signed(edge, old_id, RSA)).body == b"content"
        assert field(edge.get("/plain.txt").body, "Code") == "MissingKey"
        assert field(edge.get(signed(edge, old_id, P256)).body, "Code") == "AccessDenied"
    with served(key_group("A", "B"), A=a, B=b) as edge:
        new_id = stack.outputs["BRef"]
        for name, key in ((old_id, RSA), (new_id, P256)):
            assert edge.get(signed(edge, name, key)).status == 200
    with served(key_group("B"), B=b) as edge:
        assert edge.get(signed(edge, new_id, P256)).status == 200
        assert field(edge.get(signed(edge, old_id, RSA)).body, "Code") == "InvalidKey"
    cloud.s3.delete_bucket_policy(Bucket=BUCKET)
