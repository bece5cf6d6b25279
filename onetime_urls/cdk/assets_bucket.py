"""The private bucket: what is in it leaves only through signed requests over TLS.

An existing bucket can take its place. CDK can't add to the policy of a bucket that it doesn't own, so
docs/settings.md lists what its owner has to set.
"""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.nag import acknowledge


class AssetsBucket(Construct):
    """A bucket of our own, or `existing_name` in the stack's region."""

    def __init__(
        self, scope: Construct, construct_id: str, *, existing_name: str | None, region: str, disposable: bool
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket: s3.IBucket
        if existing_name:
            self.bucket = s3.Bucket.from_bucket_attributes(
                self, "Bucket", bucket_name=existing_name, region=region
            )
        else:
            self.bucket = self._make(disposable)

    def _make(self, disposable: bool) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,  # a link names the version that was promised, and survives an overwrite
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="abort-incomplete-uploads", abort_incomplete_multipart_upload_after=Duration.days(7)
                )
            ],
            removal_policy=RemovalPolicy.DESTROY if disposable else RemovalPolicy.RETAIN,
        )
        # SigV2 signs no chosen headers, so a SigV2 URL could do without the claim token.
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="DenySigV2",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:*"],
                resources=[bucket.bucket_arn, bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"s3:signatureversion": "AWS"}},
            )
        )
        acknowledge(
            bucket,
            {
                "S1": "S3 server access logs record whole request URIs, and these are presigned URLs. The "
                "record of each link says who claimed it; `access_logs` adds a log without query strings."
            },
        )
        return bucket
