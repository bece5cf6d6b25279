"""The function that lists files and signs for them, and its routes.

It may list one prefix of the bucket and sign with one key. It can read no object: what it hands out is read
by CloudFront, by the distribution's own right.
"""

import json
from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.deployment import Deployment
from onetime_urls.cdk.lambda_function import LambdaFunction
from onetime_urls.cdk.link_api import LinkApi
from onetime_urls.cdk.signed.signing_keys import SigningKeys
from onetime_urls.cdk.signed.token_issuer import TokenIssuer
from onetime_urls.protocol.contract.environment import Variable
from onetime_urls.protocol.contract.routes import FILES, SESSION, URL


class FileSigner(Construct):
    """Lambda function that may list one prefix and sign with one key.

    Attributes:
        made: the function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        prefix: str,
        base_url: str,
        api: LinkApi,
        keys: SigningKeys,
        rules: dict[str, Any],
        issuer: TokenIssuer | None,
        max_url_seconds: int,
        session_seconds: int,
        session_origins: Sequence[str],
        same_site: str,
        deployment: Deployment,
    ) -> None:
        """
        Args:
            base_url: the distribution's, without a trailing slash.
            rules: as JSON has them.
            issuer: whose tokens open sessions; None where there are none.
        """
        super().__init__(scope, construct_id)
        self.made = LambdaFunction(
            self,
            "Default",  # an id that leaves no trace in logical ids
            code="file_signer",
            does="Lists files and signs URLs and cookies for them",
            role="File signer: lists files, signs, reads none",
            environment={
                Variable.BUCKET_NAME: bucket.bucket_name,
                Variable.KEY_PREFIX: prefix,
                Variable.SIGNED_BASE_URL: base_url,
                Variable.SIGNING_KEY_ARN: keys.signing_key.key_arn,
                Variable.SIGNING_ALGORITHM: keys.algorithm,
                Variable.KEY_PAIR_ID: keys.key_pair_id,
                Variable.RULES: json.dumps(rules),
                Variable.TOKEN_ISSUER: issuer.written if issuer else "",
                Variable.TOKENS_ONLY: "true" if api.auth.issuer else "false",
                Variable.MAX_URL_SECONDS: str(max_url_seconds),
                Variable.SESSION_SECONDS: str(session_seconds),
                Variable.SESSION_ORIGINS: ",".join(session_origins),
                Variable.SAME_SITE: same_site,
            },
            deployment=deployment,
        )
        self.made.allow(
            "ListFiles",
            ["s3:ListBucket"],
            bucket.bucket_arn,
            {"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else None,
        )
        keys.grant_sign(self.made.role)
        for route in (FILES, URL):
            api.add_route(route, self.made.function)
        if issuer:
            api.add_public_route(
                SESSION.path,
                self.made.function,
                why="The function verifies the token itself, more strictly than an authoriser, and clears "
                "cookies for whoever asks.",
            )
