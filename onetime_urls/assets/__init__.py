"""The functions' code as it is uploaded: which files a function is made of, and where they come from.

Nothing has to be compiled, so an asset is a zip of files, chosen rather than copied: the modules that a
handler imports, and from the distributions that are vendored their modules and licences. `modules` finds
the first, `sources` says where both are (in the wheel, fixed when it was built, or in a checkout), and
`asset` has them packed by `archive`. No Docker, no network, the same bytes every time. `console` does the
same for the console's files, which `bundle` has esbuild put together. Standard library only: the build of the
wheel uses it before anything is installed.
"""

FUNCTIONS = (
    "console_publisher",
    "edge_guard",
    "event_publisher",
    "file_signer",
    "link_admin",
    "log_reconciler",
    "object_lister",
    "public_key_reader",
    "share_admin",
    "share_page",
    "token_guard",
    "url_issuer",
)
"""Every function: a package in functions/ with `handler.handler`."""

EDGE_FUNCTIONS = ("edge_guard", "token_guard")
"""Those that run at the edge: standard library only."""

VENDORED = ("aws-lambda-powertools", "fastjsonschema", "jmespath", "typing-extensions")
"""Distributions that functions import and that Lambda's Python runtime doesn't have: Powertools, what it
requires, and what its validation requires."""

PROVIDED = ("boto3", "botocore")
"""What is imported from Lambda's Python runtime (Lambda Developer Guide, "Building Lambda functions with
Python: Runtime-included SDK versions")."""


class Incomplete(LookupError):
    """Something that an asset needs isn't there. The message says what."""
