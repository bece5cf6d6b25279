"""The share desk: the function behind the authorised API of shares, and the role that signs uploads.

The desk adds, reads, lists and revokes shares. It can't hand anything out: of links it may only update,
to revoke one. The uploader is a role of its own for the same reason as the issuer's signer: a session
that was asked for says when it ends. What it may do is all that an upload can ever do.
"""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stack.api_function import ApiFunction
from stack.nag import acknowledge, wildcard
from stack.url_issuer import READ_OBJECT

PACKAGES = ("share_desk", "share_protocol", "link_minting", "http_api", "link_protocol")
UPLOADS = "uploads/*"


class ShareDesk(Construct):
    """Lambda function that keeps the shares and lets callers upload."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        shares_table_arn: str,
        shares_index_arn: str,
        links_table_arn: str,
        environment: Mapping[str, str],
        disposable: bool,
    ) -> None:
        """
        Args:
            environment: what the function reads, beside the uploader's ARN.
        """
        super().__init__(scope, construct_id)
        desk = ApiFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            packages=PACKAGES,
            does="Keeps shares and lets callers upload",
            role="Share desk: adds, reads and revokes shares",
            environment=environment,
            disposable=disposable,
        )
        self.function = desk.function
        uploader = iam.Role(
            self,
            "Uploader",
            description="Signs uploads: what it may do is what an upload can do",
            assumed_by=iam.ArnPrincipal(desk.role.role_arn),
        )
        self.function.add_environment("UPLOADER_ROLE_ARN", uploader.role_arn)
        objects, uploads = bucket.arn_for_objects("*"), bucket.arn_for_objects(UPLOADS)
        desk.allow(
            "KeepShares",
            ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
            shares_table_arn,
        )
        desk.allow("ListShares", ["dynamodb:Query"], shares_index_arn)
        desk.allow("RevokeLink", ["dynamodb:UpdateItem"], links_table_arn)
        desk.allow("LookUpObject", [*READ_OBJECT], objects)
        # Without it S3 answers 403 instead of 404 for an object that isn't there.
        desk.allow("TellMissingFromForbidden", ["s3:ListBucket"], bucket.bucket_arn)
        desk.allow("SignUploads", ["sts:AssumeRole"], uploader.role_arn)
        uploader.add_to_policy(
            iam.PolicyStatement(sid="AddUpload", actions=["s3:PutObject"], resources=[uploads])
        )
        acknowledge(
            self,
            {
                wildcard(self, objects): "A share can be made for every object of this one bucket.",
                wildcard(self, uploads): "Every upload has a key of its own under this prefix.",
            },
        )
