"""What a function needs to mint links: to look an object up, and a signer that may read it."""

from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.lambda_function import READ_OBJECT, LambdaFunction
from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.protocol.contract.environment import Variable


def let_mint(scope: Construct, made: LambdaFunction, bucket: s3.IBucket, *, does: str, why: str) -> None:
    """Let a function look every object of a bucket up, and sign for each by a role of its own.

    Args:
        scope: what the function is the whole of.
        does: the role's description.
        why: the reason for which it is every object, a sentence.
    """
    objects = bucket.arn_for_objects("*")
    signer = made.add_signer(
        "Signer",
        does=does,
        variable=Variable.SIGNER_ROLE_ARN,
        sid="ReadObject",
        actions=[*READ_OBJECT],
        resources=[objects],
    )
    if key := bucket.encryption_key:
        key.grant_decrypt(signer)
    made.allow_look_up(bucket)
    acknowledge(scope, {wildcard(scope, objects): why})
