"""A private bucket as the origin of one distribution, which reads one prefix of it by its own right.

CloudFront signs its requests (an origin access control), and the bucket's policy lets them in if they come
from this very distribution (`aws:SourceArn`) for an object below the prefix. The prefix is the origin's path
as well, so no path of the distribution's leads out of it.

Listing is allowed so that S3 says 404 and not 403 of an object that isn't there (S3 API Reference,
"GetObject"). Reading an object names no `s3:prefix`, so the condition on it has to end with IfExists; a
listing that names another prefix is refused. One that names none isn't, but it would be asked for at the
bucket's root, where no request of a distribution with a prefix arrives.

An object under a KMS key needs the key's consent too. Its policy can't name the distribution where all three
are in one stack: key, distribution and bucket would each wait for the other. It lets every distribution of
the account in, which reaches no further than the bucket's policy does (docs/decisions/0023).
"""

import json

from aws_cdk import Annotations, Stack, Token
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.naming import home_stack, regional_name
from onetime_urls.cdk.patterns import PREFIX
from onetime_urls.cdk.refusal import Props


class PrivateOrigin(Construct):
    """One prefix of a bucket, for one distribution.

    Attributes:
        origin: for the distribution's behaviours.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, bucket: s3.IBucket, prefix: str, name: str
    ) -> None:
        """
        Args:
            prefix: ends with a slash, or is empty for the whole bucket.
            name: of the deployment.

        Raises:
            PropError: the prefix can't be one, or the bucket is made by another stack.
        """
        super().__init__(scope, construct_id)
        self._props = Props(scope)
        self._bucket = bucket
        self._prefix = self._props.text(
            "prefix",
            prefix,
            PREFIX,
            "empty, or segments of letters, digits and !_.'()~- that each end with /",
        )
        if Token.is_unresolved(prefix):
            raise self._props.error("prefix must be known at synthesis")
        if bucket.node.default_child and home_stack(bucket) != home_stack(self):
            raise self._props.error(
                f"bucket is made in the stack {home_stack(bucket).node.path}, whose policy would need this "
                "stack's distribution: put both into one stack"
            )
        control = cloudfront.S3OriginAccessControl(
            self,
            "OriginAccessControl",
            origin_access_control_name=regional_name(self, name),
            description="Signs what the distribution asks of its bucket",
            signing=cloudfront.Signing.SIGV4_ALWAYS,
        )
        self.origin = origins.S3BucketOrigin.with_bucket_defaults(
            bucket,
            origin_path=f"/{prefix.removesuffix('/')}" if prefix else None,
            origin_access_control_id=control.origin_access_control_id,
        )

    def let_in(self, distribution: cloudfront.IDistribution) -> None:
        """Have the bucket, and its key, serve `distribution`. The owner of one that isn't made by this app is
        told at synthesis what to add."""
        stack = Stack.of(self)
        arn = stack.format_arn(
            service="cloudfront",
            region="",
            resource="distribution",
            resource_name=distribution.distribution_id,
        )
        statements = [
            _statement(
                "s3:GetObject",
                self._bucket.arn_for_objects(f"{self._prefix}*"),
                {"StringEquals": {"aws:SourceArn": arn}},
            ),
            _statement(
                "s3:ListBucket",
                self._bucket.bucket_arn,
                {"StringEquals": {"aws:SourceArn": arn}}
                | ({"StringLikeIfExists": {"s3:prefix": f"{self._prefix}*"}} if self._prefix else {}),
            ),
        ]
        added = [self._bucket.add_to_resource_policy(each).statement_added for each in statements]
        if not all(added):
            self._tell_owner("bucket", statements)
        self._let_decrypt()

    def _let_decrypt(self) -> None:
        key = self._bucket.encryption_key
        if key is None:
            return
        every = Stack.of(self).format_arn(
            service="cloudfront", region="", resource="distribution", resource_name="*"
        )
        statement = _statement(
            "kms:Decrypt",
            "*",
            {"StringLike": {"aws:SourceArn": every}},
        )
        if not key.add_to_resource_policy(statement).statement_added:
            self._tell_owner("bucket's key", [statement])

    def _tell_owner(self, what: str, statements: list[iam.PolicyStatement]) -> None:
        wanted = json.dumps(Stack.of(self).resolve([each.to_statement_json() for each in statements]))
        Annotations.of(self).add_info(
            f"Nothing is changed on a {what} that is given. Its owner has to add this to its policy, with "
            f"what the references stand for: {wanted}"
        )


def _statement(action: str, resource: str, conditions: dict[str, dict[str, str]]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
        actions=[action],
        resources=[resource],
        conditions=conditions,
    )
