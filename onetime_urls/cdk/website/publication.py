"""Gets the console's files into their bucket: a bucket of their own, and a custom resource that fills it.

The function behind it carries the files in its own asset, so it reads no other bucket and nothing else can be
published (docs/decisions/0033). What is known at deployment only comes as properties. The bucket goes with
its stack: nothing is in it that this doesn't make.
"""

from collections.abc import Mapping

from aws_cdk import CustomResource, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.assets.console import Published
from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.protocol.contract.console import (
    BUCKET_PROPERTY,
    DOCUMENTS_PROPERTY,
    PUBLISHED_FOLDER,
    TYPE,
    VERSION_PROPERTY,
)


class WebsiteBucket(Construct):
    """A private bucket that goes with its stack.

    Attributes:
        bucket: the bucket.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.bucket,
            {"S1": "It holds what anybody may load from the distribution, which can be logged."},
        )


class Publication(Construct):
    """The function that publishes, and what it has to publish.

    Attributes:
        made: the function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        published: Published,
        documents: Mapping[str, str],
        deployment: Deployment,
    ) -> None:
        """
        Args:
            documents: what stands at the root: name to text.
        """
        super().__init__(scope, construct_id)
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="console_publisher",
            does="Publishes the console, as CloudFormation deploys it",
            role="Console publisher: fills the console's own bucket",
            environment={},
            deployment=deployment,
            seconds=120,
            data={f"{PUBLISHED_FOLDER}/{path}": content for path, content in published.files.items()},
        )
        objects = bucket.arn_for_objects("*")
        self.made.allow("Publish", ["s3:PutObject", "s3:DeleteObject"], objects)
        self.made.allow("FindWhatIsOld", ["s3:ListBucket"], bucket.bucket_arn)
        acknowledge(
            self,
            {wildcard(self, objects): "The bucket is the console's own, and this fills all of it."},
        )
        CustomResource(
            self,
            "Files",
            service_token=self.made.function.function_arn,
            resource_type=TYPE,
            properties={
                BUCKET_PROPERTY: bucket.bucket_name,
                VERSION_PROPERTY: published.version,
                DOCUMENTS_PROPERTY: dict(documents),
            },
        )
