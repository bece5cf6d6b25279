"""How texts have to look: the props of constructs, and the settings of the app that is made of them."""

from onetime_urls.protocol.contract.names import RESERVED_PREFIX

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"

DOMAIN = rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})+"
"""A DNS name of at least two labels, without a trailing dot (RFC 1123)."""

EMAIL = r"(?=.{1,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"

HTTPS = r"https://[a-z0-9.-]+(?::\d{1,5})?(?:/[!-~]*)?"
"""An address: an issuer's, or a webhook's."""

ORIGIN = r"https?://[a-z0-9.-]+(?::\d{1,5})?"
"""One origin by name. http is for a page on one's own machine."""

CORS_ORIGIN = r"\*|https?://(?:\*|[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?"
"""Whose pages may call an API from a browser, as API Gateway takes it."""

CLIENT_ID = r"[!-~]+"

WEB_ACL = r"arn:aws:wafv2:us-east-1:\d{12}:global/webacl/[\w-]{1,128}/[0-9a-f-]{36}"
"""The ARN of a WAF web ACL for CloudFront, which there is in one partition and one region."""

SIGNING_KEY = r"(?=.{1,32}$)[A-Za-z0-9](?:-?[A-Za-z0-9])*"

_SEGMENT = r"(?!\.{1,2}/)[A-Za-z0-9!_.'()~-]+/"

PREFIX = rf"(?=.{{0,200}}$)(?:{_SEGMENT})*"
"""What a prefix may be: neither wildcards of policies nor what a URL escapes, and no longer than a path that
CloudFront takes (CloudFront API Reference, "Origin": OriginPath, 255 characters)."""

UPLOAD_FOLDER = rf"(?!{RESERVED_PREFIX})(?=.){PREFIX}"

MEDIA_RANGE = r"\*/\*|[a-z0-9!#&^_.+-]{1,64}/(?:\*|[a-z0-9!#&^_.+-]{1,64})"
"""A media type in lower case, or all of a kind, or all (RFC 9110, "Accept"), without parameters."""
