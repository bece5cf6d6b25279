"""The share admin: the function behind the authorised API of shares, and the role that signs uploads.

The admin adds, reads, lists and revokes shares. It can't hand anything out: of a link it may touch nothing
but the revocation.
"""

from collections.abc import Mapping

from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.api_function import ApiFunction
from onetime_urls.cdk.attributes import updating
from onetime_urls.cdk.nag import acknowledge, wildcard

UPLOADS = "uploads/*"


class ShareAdmin(Construct):
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
        admin = ApiFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="share_admin",
            does="Keeps shares and lets callers upload",
            role="Share admin: adds, reads and revokes shares",
            environment=environment,
            disposable=disposable,
        )
        self.function = admin.function
        objects, uploads = bucket.arn_for_objects("*"), bucket.arn_for_objects(UPLOADS)
        admin.add_signer(
            "Uploader",
            does="Signs uploads: what it may do is what an upload can do",
            variable="UPLOADER_ROLE_ARN",
            sid="AddUpload",
            actions=["s3:PutObject"],
            resource=uploads,
        )
        admin.allow_look_up(bucket)
        admin.allow(
            "KeepShares",
            ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
            shares_table_arn,
        )
        admin.allow("ListShares", ["dynamodb:Query"], shares_index_arn)
        admin.allow(
            "RevokeLink", ["dynamodb:UpdateItem"], links_table_arn, updating(["signature", "revoked_at"])
        )
        acknowledge(
            self,
            {
                wildcard(self, objects): "A share can be made for every object of this one bucket.",
                wildcard(self, uploads): "Every upload has a key of its own under this prefix.",
            },
        )
