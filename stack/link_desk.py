"""The link desk: the function that shows, lists and revokes links.

Its role may read what a link's record says, but not what makes the link work, and may change one
attribute.
"""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from link_protocol.views import BY_KEY, VISIBLE
from stack.api_function import ApiFunction
from stack.attributes import reading, updating

PACKAGES = ("link_desk", "http_api", "link_protocol")


class LinkDesk(Construct):
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
        desk = ApiFunction(
            self,
            "Default",
            packages=PACKAGES,
            does="Shows, lists and revokes one-time links",
            role="Desk for one-time links: reads records, revokes",
            environment={
                "LINKS_TABLE_NAME": table_name,
                "POWERTOOLS_SERVICE_NAME": "link-desk",
                "POWERTOOLS_LOG_LEVEL": "INFO",
            },
            disposable=disposable,
        )
        self.function = desk.function
        desk.allow("FindLinksOfKey", ["dynamodb:Query"], f"{table_arn}/index/{BY_KEY}")
        desk.allow("ReadLink", ["dynamodb:GetItem"], table_arn, reading(VISIBLE))
        desk.allow("Revoke", ["dynamodb:UpdateItem"], table_arn, updating(["signature", "revoked_at"]))
