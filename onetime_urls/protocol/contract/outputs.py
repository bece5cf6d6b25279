"""What a deployed stack says of itself: the names of CloudFormation's outputs."""

from enum import StrEnum


class Output(StrEnum):
    """Name of an output."""

    API_ENDPOINT = "ApiEndpoint"
    GET_URL_ENDPOINT = "GetUrlEndpoint"
    DISTRIBUTION_URL = "DistributionUrl"
    ASSETS_BUCKET_NAME = "AssetsBucketName"
    LINKS_TABLE_NAME = "LinksTableName"
    SHARES_TABLE_NAME = "SharesTableName"
    REGION = "Region"
    ISSUER_AUTH = "IssuerAuth"
    SIGNED_DISTRIBUTION_URL = "SignedDistributionUrl"
    FILES_ENDPOINT = "FilesEndpoint"
    URL_ENDPOINT = "UrlEndpoint"
    GRAPHQL_ENDPOINT = "GraphqlEndpoint"
    SESSION_URL = "SessionUrl"
    CONSOLE_URL = "ConsoleUrl"
    PRIVATE_URL = "PrivateUrl"
    PRIVATE_PREFIX = "PrivatePrefix"
    TOKEN_ISSUER = "TokenIssuer"
    USER_POOL_ID = "UserPoolId"
    USER_POOL_CLIENT_ID = "UserPoolClientId"
