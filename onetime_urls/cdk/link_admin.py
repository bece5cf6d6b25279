"""The link admin: the function that shows, lists and revokes links.

Its role may read what a link's record says, but not what makes the link work, and may change one
attribute.
"""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from onetime_urls.cdk.api_function import ApiFunction
from onetime_urls.cdk.attributes import reading, updating
from onetime_urls.protocol.links.views import BY_KEY, VISIBLE


class LinkAdmin(Construct):
    """Lambda function that may read links' records, and revoke.

    Attributes:
        function: the function itself.
    """

    function: lambda_.Function

    def __init__(
        self, scope: Construct, construct_id: str, *, table_name: str, table_arn: str, disposable: bool
    ) -> None:
        super().__init__(scope, construct_id)
        # "Default" leaves no trace in logical ids.
        admin = ApiFunction(
            self,
            "Default",
            code="link_admin",
            does="Shows, lists and revokes one-time links",
            role="Link admin: reads records, revokes",
            environment={
                "LINKS_TABLE_NAME": table_name,
                "POWERTOOLS_SERVICE_NAME": "link-admin",
                "POWERTOOLS_LOG_LEVEL": "INFO",
            },
            disposable=disposable,
        )
        self.function = admin.function
        admin.allow("FindLinksOfKey", ["dynamodb:Query"], f"{table_arn}/index/{BY_KEY}")
        admin.allow("ReadLink", ["dynamodb:GetItem"], table_arn, reading(VISIBLE))
        admin.allow("Revoke", ["dynamodb:UpdateItem"], table_arn, updating(["signature", "revoked_at"]))
