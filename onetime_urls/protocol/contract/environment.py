"""The environment variables that a construct sets and its function reads."""

from enum import StrEnum


class Variable(StrEnum):
    """Name of a variable. What it may hold is decided where it is read; times are in seconds."""

    AWS_REGION = "AWS_REGION"
    """Set by Lambda itself."""

    BUCKET_NAME = "BUCKET_NAME"
    BUCKET_REGION = "BUCKET_REGION"
    ORIGIN_DOMAIN = "ORIGIN_DOMAIN"
    """The bucket's regional domain name, the host that links are signed for."""

    LINKS_TABLE_NAME = "LINKS_TABLE_NAME"
    LINKS_TABLE_ARN = "LINKS_TABLE_ARN"
    """In its place where the function is in another region than the table."""

    SHARES_TABLE_NAME = "SHARES_TABLE_NAME"
    LINKS_PARAMETER_NAME = "LINKS_PARAMETER_NAME"
    """The edge guard's SSM parameter."""

    LINK_BASE_URL = "LINK_BASE_URL"
    SIGNER_ROLE_ARN = "SIGNER_ROLE_ARN"
    UPLOADER_ROLE_ARN = "UPLOADER_ROLE_ARN"
    RECORD_RETENTION_SECONDS = "RECORD_RETENTION_SECONDS"

    DEFAULT_LIFETIME_SECONDS = "DEFAULT_LIFETIME_SECONDS"
    MAX_LIFETIME_SECONDS = "MAX_LIFETIME_SECONDS"
    MAX_CLAIMS = "MAX_CLAIMS"
    MAX_RESUME_SECONDS = "MAX_RESUME_SECONDS"
    MAX_RESUME_FACTOR = "MAX_RESUME_FACTOR"

    RESUME_SECONDS = "RESUME_SECONDS"
    """The window of the links that shares hand out."""

    MAX_SHARE_DAYS = "MAX_SHARE_DAYS"
    MAX_DOWNLOADS = "MAX_DOWNLOADS"
    MAX_UPLOAD_BYTES = "MAX_UPLOAD_BYTES"
    UPLOAD_FOLDERS = "UPLOAD_FOLDERS"
    """Prefixes of keys, each with its slash at the end, joined by commas."""

    UPLOAD_TYPES = "UPLOAD_TYPES"
    """Media ranges, joined by commas."""

    ORIGIN_SECRET = "ORIGIN_SECRET"
    UNIFORM_ANSWERS = "UNIFORM_ANSWERS"
    """`true` or `false`."""

    KEY_PREFIX = "KEY_PREFIX"
    """What files' keys begin with in the bucket: empty, or ending in a slash."""

    SIGNED_BASE_URL = "SIGNED_BASE_URL"
    SIGNING_KEY_ARN = "SIGNING_KEY_ARN"
    SIGNING_ALGORITHM = "SIGNING_ALGORITHM"
    """As KMS names it."""

    KEY_PAIR_ID = "KEY_PAIR_ID"
    """CloudFront's id of the signing key's public half."""

    RULES = "RULES"
    """`onetime_urls.protocol.rules.Rules.to_plain`, as JSON."""

    TOKEN_ISSUER = "TOKEN_ISSUER"
    """`onetime_urls.protocol.tokens.claims.Issuer.to_plain`, as JSON; empty where nobody shows a token."""

    TOKENS_ONLY = "TOKENS_ONLY"
    """`true` where callers of the API show tokens, `false` where IAM or nobody decides who calls."""

    MAX_URL_SECONDS = "MAX_URL_SECONDS"
    SESSION_SECONDS = "SESSION_SECONDS"
    SESSION_ORIGINS = "SESSION_ORIGINS"
    """Origins of pages, joined by commas."""

    SAME_SITE = "SAME_SITE"

    EVENT_BUS_NAME = "EVENT_BUS_NAME"

    SERVICE_NAME = "POWERTOOLS_SERVICE_NAME"
    METRICS_NAMESPACE = "POWERTOOLS_METRICS_NAMESPACE"
    LOG_LEVEL = "POWERTOOLS_LOG_LEVEL"
    """These three are Powertools' own (Powertools for AWS Lambda, "Environment variables")."""
