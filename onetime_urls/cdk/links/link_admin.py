"""The link admin: the function that shows, lists and revokes links, and its routes.

Its role may read what a link's record says, but not what makes the link work, and may change one
attribute.
"""

from constructs import Construct

from onetime_urls.cdk.item_conditions import reading, updating
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.links.links import Links
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.routes import LINK, LINKS
from onetime_urls.protocol.links.views import BY_KEY, BY_TIME, VISIBLE


class LinkAdmin(Construct):
    """Lambda function that may read links' records, and revoke.

    Attributes:
        made: the function.
    """

    def __init__(self, scope: Construct, construct_id: str, *, links: Links) -> None:
        super().__init__(scope, construct_id)
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="link_admin",
            does="Shows, lists and revokes one-time links",
            role="Link admin: reads records, revokes",
            environment={Variable.LINKS_TABLE_NAME: links.table.table.table_name},
            deployment=links.deployment,
        )
        table_arn = links.table.table.table_arn
        self.made.allow("FindLinksOfKey", ["dynamodb:Query"], links.table.index_arn(BY_KEY))
        self.made.allow("ListLinks", ["dynamodb:Query"], links.table.index_arn(BY_TIME))
        self.made.allow("ReadLink", ["dynamodb:GetItem"], table_arn, reading(VISIBLE))
        self.made.allow("Revoke", ["dynamodb:UpdateItem"], table_arn, updating(["signature", "revoked_at"]))
        for route in (LINKS, LINK):
            links.api.add_route(route, self.made.function)
