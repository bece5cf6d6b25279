"""The private bucket: what is in it leaves only through signed requests over TLS.

An existing bucket can take its place. It has an owner, and other uses: nothing is changed on it, and its
owner is told at synthesis what it should be like.
"""

from aws_cdk import Annotations, Duration, RemovalPolicy, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.nag import acknowledge
from onetime_urls.cdk.options import NewBucket
from onetime_urls.cdk.refusal import Props

OWNERS_PART = (
    "Nothing is changed on a bucket that is given. Its owner has to block public access, enforce TLS, "
    "disable ACLs, deny SigV2 (s3:signatureversion = AWS), and switch versioning on, so that a link "
    'outlives an overwrite: docs/settings.md, "An existing bucket".'
)


def private_bucket(
    scope: Construct, given: s3.IBucket | None, removal_policy: RemovalPolicy, new: NewBucket | None = None
) -> s3.IBucket:
    """The bucket that is given, or one of our own.

    Raises:
        PropError: it is in another region than the stack, or its name has dots, or a new one is described.
    """
    if given is None:
        return AssetsBucket(scope, "Assets", new=new or NewBucket(), removal_policy=removal_policy).bucket
    props = Props(scope)
    if new is not None:
        raise props.error("new_bucket describes a bucket to be made, but one is given")
    props.text(
        "bucket",
        given.bucket_name,
        r"[a-z0-9-]{3,63}",
        "a bucket without dots in its name, which has 3 to 63 lower-case letters, digits and hyphens: a dot "
        "forces path-style addresses, which don't match the distribution's origin",
    )
    ours, its = Stack.of(scope).region, given.env.region
    if not Token.is_unresolved(its) and its != ours:
        raise props.error(f"bucket is in {its}, it must be in the stack's region, which is {ours}")
    return given


def tell_owner(scope: Construct) -> None:
    """Tell the owner of a bucket that is given what it should be like, for links."""
    Annotations.of(scope).add_info(OWNERS_PART)


class AssetsBucket(Construct):
    """A bucket of our own.

    Attributes:
        bucket: the bucket.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, new: NewBucket, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.KMS if new.encryption_key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=new.encryption_key,
            bucket_key_enabled=True if new.encryption_key else None,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=new.versioned,  # a link names the version that was promised, and survives an overwrite
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="abort-incomplete-uploads", abort_incomplete_multipart_upload_after=Duration.days(7)
                ),
                *new.lifecycle_rules,
            ],
            removal_policy=removal_policy,
        )
        # SigV2 signs no chosen headers, so a SigV2 URL could do without the claim token.
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="DenySigV2",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:*"],
                resources=[self.bucket.bucket_arn, self.bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"s3:signatureversion": "AWS"}},
            )
        )
        acknowledge(
            self.bucket,
            {
                "S1": "S3 server access logs record whole request URIs, and these are presigned URLs. The "
                "record of each link says who claimed it; `access_logs` adds a log without query strings."
            },
        )
