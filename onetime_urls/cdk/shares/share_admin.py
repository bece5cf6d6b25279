"""The share admin: the function behind the authorised API of shares, its routes, and the signer of uploads.

It adds, reads, lists and revokes shares. It can't hand anything out: of a link it may touch nothing but
the revocation.
"""

from collections.abc import Mapping

from aws_cdk import Size, Stack
from constructs import Construct

from onetime_urls.cdk.item_conditions import updating
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.links.limits import DAY
from onetime_urls.cdk.links.links import Links
from onetime_urls.cdk.nag import acknowledge, wildcard
from onetime_urls.cdk.options import MAX_UPLOAD_FOLDERS, OBJECT_LIMIT, Shares
from onetime_urls.cdk.patterns import MEDIA_RANGE, UPLOAD_FOLDER
from onetime_urls.cdk.refusal import Props
from onetime_urls.cdk.tables import Table
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.names import RESERVED_PREFIX
from onetime_urls.protocol.contract.routes import (
    ABORT_UPLOAD,
    COMPLETE_UPLOAD,
    RESUME_UPLOAD,
    SHARE,
    SHARES,
    UPLOADS,
)
from onetime_urls.protocol.shares.limits import MAX_DOWNLOADS
from onetime_urls.protocol.shares.record import BY_KEY, INDEX


class ShareAdmin(Construct):
    """Lambda function that keeps the shares and lets callers upload.

    Attributes:
        made: the function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        links: Links,
        shares: Table,
        environment: Mapping[Variable, str],
        options: Shares,
    ) -> None:
        """
        Args:
            environment: what both functions of shares read.

        Raises:
            PropError: an option can't work.
        """
        super().__init__(scope, construct_id)
        bucket, props = links.bucket, Props(scope)
        props.types(**{"shares.max_upload": (options.max_upload, Size)})
        if isinstance(options.upload_types, str) or not options.upload_types:
            raise props.error("shares.upload_types is a list of media types: */* lets every type in")
        folders = [
            props.text(
                "shares.upload_folders",
                each,
                UPLOAD_FOLDER,
                "segments of letters, digits and !_.'()~- that each end with a slash, and not under "
                f"{RESERVED_PREFIX}",
            )
            for each in props.items("shares.upload_folders", options.upload_folders, str, "prefixes of keys")
        ]
        if not 1 <= len(folders) <= MAX_UPLOAD_FOLDERS:
            raise props.error(f"shares.upload_folders has {len(folders)} folders, 1 to 10 are possible")
        days, rest = divmod(props.seconds("shares.max_life", options.max_life, DAY, 365 * DAY), DAY)
        if rest:
            raise props.error("shares.max_life must be whole days")
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="share_admin",
            does="Keeps shares and lets callers upload",
            role="Share admin: adds, reads and revokes shares",
            environment={
                **environment,
                Variable.BUCKET_REGION: Stack.of(self).region,
                Variable.MAX_SHARE_DAYS: str(days),
                Variable.MAX_DOWNLOADS: str(
                    props.whole_number("shares.max_downloads", options.max_downloads, 1, MAX_DOWNLOADS)
                ),
                Variable.MAX_UPLOAD_BYTES: str(
                    props.whole_number(
                        "shares.max_upload in bytes", int(options.max_upload.to_bytes()), 1, OBJECT_LIMIT
                    )
                ),
                Variable.UPLOAD_FOLDERS: ",".join(folders),
                Variable.UPLOAD_TYPES: ",".join(
                    props.text(
                        "shares.upload_types",
                        each,
                        MEDIA_RANGE,
                        "a media type such as application/pdf, image/* or */*",
                    )
                    for each in options.upload_types
                ),
            },
            deployment=links.deployment,
        )
        objects = bucket.arn_for_objects("*")
        uploads = [bucket.arn_for_objects(f"{folder}*") for folder in folders]
        uploader = self.made.add_signer(
            "Uploader",
            does="Signs uploads: what it may do is what an upload can do",
            variable=Variable.UPLOADER_ROLE_ARN,
            sid="AddUpload",
            actions=["s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
            resources=uploads,
        )
        if key := bucket.encryption_key:
            key.grant_encrypt_decrypt(uploader)
        self.made.allow_look_up(bucket)
        table_arn = shares.table.table_arn
        self.made.allow(
            "KeepShares",
            ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
            table_arn,
        )
        self.made.allow("ListShares", ["dynamodb:Query"], shares.index_arn(INDEX))
        self.made.allow("FindSharesOfKey", ["dynamodb:Query"], shares.index_arn(BY_KEY))
        self.made.allow(
            "RevokeLink",
            ["dynamodb:UpdateItem"],
            links.table.table.table_arn,
            updating(["signature", "revoked_at"]),
        )
        acknowledge(
            self,
            {
                wildcard(self, objects): "A share can be made for every object of this one bucket.",
                **{
                    wildcard(self, each): "Uploads go below this prefix, and none replaces another."
                    for each in uploads
                },
            },
        )
        for route in (SHARES, SHARE, UPLOADS, COMPLETE_UPLOAD, RESUME_UPLOAD, ABORT_UPLOAD):
            links.api.add_route(route, self.made.function)
