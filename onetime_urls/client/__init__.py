"""A client for programs: hands out one-time links and shares, and looks after them.

    from onetime_urls.client import Client

    client = Client.from_stack("OneTimeUrls")                # or Client("https://…", region="eu-west-1")
    print(client.mint("reports/q1.pdf", expires_in=900).url)

`Client` has the calls, `results` what they answer with, `errors` the one tree of what can go wrong. Calls are
signed with the credentials of a boto3 session, or carry a bearer token. The command `onetime` is made of it.
"""

from typing import TYPE_CHECKING

from onetime_urls.client.errors import (
    ApiError,
    Archived,
    Error,
    Invalid,
    NameTaken,
    NoDeployment,
    NotAllowed,
    NotAnId,
    NotFound,
    NotUploaded,
    Unavailable,
)
from onetime_urls.client.results import (
    Claim,
    Download,
    File,
    Folder,
    Link,
    MintedLink,
    Object,
    Share,
    SignedUrl,
    Upload,
)

if TYPE_CHECKING:
    from onetime_urls.client.client import Client
else:

    def __getattr__(name: str) -> object:
        """`Client`, once it is asked for: boto3 takes longer to load than all that does without it."""
        if name != "Client":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from onetime_urls.client.client import Client

        return Client


__all__ = [
    "ApiError",
    "Archived",
    "Claim",
    "Client",
    "Download",
    "Error",
    "File",
    "Folder",
    "Invalid",
    "Link",
    "MintedLink",
    "NameTaken",
    "NoDeployment",
    "NotAllowed",
    "NotAnId",
    "NotFound",
    "NotUploaded",
    "Object",
    "Share",
    "SignedUrl",
    "Unavailable",
    "Upload",
]
