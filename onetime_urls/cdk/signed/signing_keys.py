"""The keys that sign, in KMS, and what CloudFront knows of them.

A key is made in KMS and never leaves it. Its policy gives the right to sign to nobody by way of IAM, not even
to the account's administrators: the roles that may are named in it, with the one algorithm (KMS Developer
Guide, "Key policies").

CloudFormation can't read a key's public half, so a function of ours does (`public_key_reader`). What is made
of it are resources of CloudFormation's own, which it can roll back and delete (docs/decisions/0022).

The first of several keys signs; the others' signatures are still good. CloudFront's public keys can't be
changed, so everything here is named after its key, and the group after all of them: another first key is
another group. The distribution takes that over, and CloudFormation waits until all edge locations have it,
before the function, which needs the distribution's address, signs with the new key.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.naming import regional_name
from onetime_urls.cdk.options import SigningKey
from onetime_urls.cdk.patterns import SIGNING_KEY
from onetime_urls.cdk.refusal import Props
from onetime_urls.protocol.contract.public_key import KEY_PROPERTY, PEM_ATTRIBUTE, TYPE

MOST_KEYS = 5
"""Public keys in a key group (CloudFront Developer Guide, "Quotas")."""

ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:GetKeyPolicy",
    "kms:GetPublicKey",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)
"""What IAM can give in the account: all but signing, verifying, and grants, by which either could be had."""


@dataclass(frozen=True)
class _Spec:
    key: kms.KeySpec
    algorithm: str


SPECS = {
    "RSA_2048": _Spec(kms.KeySpec.RSA_2048, "RSASSA_PKCS1_V1_5_SHA_256"),
    "ECC_NIST_P256": _Spec(kms.KeySpec.ECC_NIST_P256, "ECDSA_SHA_256"),
}
"""What CloudFront verifies (CloudFront Developer Guide, "Create key pairs for your signers"), and how KMS
signs it. Not RSASSA_PSS, which CloudFront doesn't know."""


class SigningKeys(Construct):
    """Keys of one deployment.

    Attributes:
        signing_key: the one that signs, in KMS.
        algorithm: KMS's name of how.
        key_pair_id: CloudFront's id of its public half.
        key_group: of all the keys.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, keys: Sequence[SigningKey], deployment: Deployment
    ) -> None:
        """
        Raises:
            PropError: there is no key, or there are too many, or two have one name.
        """
        super().__init__(scope, construct_id)
        props = Props(scope)
        wanted = _checked(props, keys)
        self._name = regional_name(self, deployment.name)
        reader = LambdaFunction(
            self,
            "Reader",
            code="public_key_reader",
            does="Tells CloudFormation the public half of a signing key",
            role="Reader of public keys: reads them, changes nothing",
            environment={},
            deployment=deployment,
        )
        made = [self._key(each) for each in wanted]
        public: list[cloudfront.CfnPublicKey] = []
        for each, key in zip(wanted, made, strict=True):
            reader.allow(f"ReadPublicKey{len(public) or ''}", ["kms:GetPublicKey"], key.key_arn)
            public.append(self._public_key(each, key, reader))
        self.signing_key: kms.Key = made[0]
        self.algorithm = SPECS[wanted[0].spec].algorithm
        self.key_pair_id: str = public[0].ref
        digest = hashlib.sha256("-".join(map(_id, wanted)).encode()).hexdigest()[:8]
        group = cloudfront.CfnKeyGroup(
            self,
            f"Group{digest}",
            key_group_config=cloudfront.CfnKeyGroup.KeyGroupConfigProperty(
                name=f"{self._name}-{digest}",
                items=[each.ref for each in public],
                comment="Verifies signed URLs and cookies",
            ),
        )
        self.key_group = cloudfront.KeyGroup.from_key_group_id(self, "Group", group.ref)

    def grant_sign(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` sign with the key that signs: by its one algorithm, and whole messages only.

        The key's own policy has to say so as well, since it leaves nothing of that to IAM. Each request names
        an algorithm; one that names no message type means a whole message (KMS API Reference, Sign).
        """
        conditions = {
            "StringEqualsIfExists": {"kms:SigningAlgorithm": self.algorithm, "kms:MessageType": "RAW"}
        }
        self.signing_key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[grantee.grant_principal],
                actions=["kms:Sign"],
                resources=["*"],
                conditions=conditions,
            )
        )
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Sign"],
            resource_arns=[self.signing_key.key_arn],
            conditions=conditions,
        )

    def _key(self, wanted: SigningKey) -> kms.Key:
        account = iam.PolicyStatement(
            sid="AdministerWithoutSigning",
            principals=[iam.AccountRootPrincipal()],
            actions=list(ADMINISTRATION),
            resources=["*"],
        )
        return kms.Key(
            self,
            f"Key{_id(wanted)}",
            description=f"Signs URLs and cookies for CloudFront: {Stack.of(self).stack_name}, {wanted.name}",
            key_spec=SPECS[wanted.spec].key,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            policy=iam.PolicyDocument(statements=[account]),
            # Without its public key at CloudFront its signatures are worth nothing.
            removal_policy=RemovalPolicy.DESTROY,
            pending_window=Duration.days(7),
        )

    def _public_key(
        self, wanted: SigningKey, key: kms.Key, reader: LambdaFunction
    ) -> cloudfront.CfnPublicKey:
        read = CustomResource(
            self,
            f"Pem{_id(wanted)}",
            service_token=reader.function.function_arn,
            resource_type=TYPE,
            properties={KEY_PROPERTY: key.key_arn},
        )
        # Names count for the whole account, all of its regions together.
        name = f"{self._name}-{_id(wanted)}"
        return cloudfront.CfnPublicKey(
            self,
            f"PublicKey{_id(wanted)}",
            public_key_config=cloudfront.CfnPublicKey.PublicKeyConfigProperty(
                name=name,
                caller_reference=name,
                encoded_key=read.get_att_string(PEM_ATTRIBUTE),
                comment=f"Public half of {wanted.name} in KMS",
            ),
        )


def _checked(props: Props, keys: Sequence[SigningKey]) -> list[SigningKey]:
    if not keys or len(keys) > MOST_KEYS or not all(isinstance(each, SigningKey) for each in keys):
        raise props.error(f"signing_keys must be 1 to {MOST_KEYS} of SigningKey, the one that signs first")
    for each in keys:
        props.text("signing_keys.name", each.name, SIGNING_KEY, "up to 32 letters, digits and single hyphens")
        if each.spec not in SPECS:
            raise props.error(f"signing_keys.spec is {each.spec!r}, it must be {' or '.join(SPECS)}")
    if len({_id(each) for each in keys}) < len(keys):
        raise props.error("signing_keys names one key twice")
    return list(keys)


def _id(key: SigningKey) -> str:
    return f"{key.name.replace('-', '')}{key.spec.replace('_', '')}"
