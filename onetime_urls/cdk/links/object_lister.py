"""The object lister: the function that tells callers what there is to hand out, and its route.

It may list the bucket, and nothing else: it can read no object.
"""

from aws_cdk import Stack
from constructs import Construct

from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.links.links import Links
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.routes import OBJECTS


class ObjectLister(Construct):
    """Lambda function that may list the bucket.

    Attributes:
        made: the function.
    """

    def __init__(self, scope: Construct, construct_id: str, *, links: Links) -> None:
        super().__init__(scope, construct_id)
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="object_lister",
            does="Lists the objects that can be handed out",
            role="Object lister: lists the bucket, reads nothing in it",
            environment={
                Variable.BUCKET_NAME: links.bucket.bucket_name,
                Variable.BUCKET_REGION: Stack.of(self).region,
            },
            deployment=links.deployment,
        )
        self.made.allow("ListObjects", ["s3:ListBucket"], links.bucket.bucket_arn)
        links.api.add_route(OBJECTS, self.made.function)
