"""The link desk: the function that shows, lists and revokes links.

Its role may read what a link's record says, but not what makes the link work, and may change one
attribute. DynamoDB holds it to that by the attributes that a request names (DynamoDB Developer Guide,
"Using IAM policy conditions for fine-grained access control"). A read that names none would ask for all
and name nothing to compare, so `dynamodb:Select` has to say that it names some.
"""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from link_protocol.views import BY_KEY, VISIBLE
from stack.api_function import ApiFunction

PACKAGES = ("link_desk", "http_api", "link_protocol")
READ_VISIBLE = {
    "ForAllValues:StringEquals": {"dynamodb:Attributes": [*VISIBLE]},
    "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
}
"""Conditions under which a record may be read."""


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
        desk.allow("ReadLink", ["dynamodb:GetItem"], table_arn, READ_VISIBLE)
        desk.allow(
            "Revoke",
            ["dynamodb:UpdateItem"],
            table_arn,
            {
                "ForAllValues:StringEquals": {"dynamodb:Attributes": ["signature", "revoked_at"]},
                "StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"},
            },
        )
