"""A page sends files to the bucket itself, by URLs that the API has signed: the bucket has to let it."""

import json
from typing import cast

from aws_cdk import Annotations, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from onetime_urls.cdk.naming import home_stack

SENT_HEADERS = ("content-type",)
"""What a page sends with a part or a form, beside what browsers safelist."""

SECONDS = 3600
"""For which a browser may remember that it is let in."""


def let_pages_upload(scope: Construct, bucket: s3.IBucket, origin: str) -> None:
    """Have `bucket` take uploads of `origin`'s pages, and tell them each part's ETag, which completes it. The
    owner of a bucket that isn't made by this stack is told at synthesis what to add."""
    made = isinstance(bucket, s3.Bucket) and home_stack(bucket) == home_stack(scope)
    if made:
        cast("s3.Bucket", bucket).add_cors_rule(
            allowed_origins=[origin],
            allowed_methods=[s3.HttpMethods.PUT, s3.HttpMethods.POST],
            allowed_headers=[*SENT_HEADERS],
            exposed_headers=["ETag"],
            max_age=SECONDS,
        )
        return
    wanted = {
        "AllowedOrigins": [origin],
        "AllowedMethods": ["PUT", "POST"],
        "AllowedHeaders": [*SENT_HEADERS],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": SECONDS,
    }
    Annotations.of(scope).add_info(
        "Nothing is changed on a bucket that is given. Its owner has to add this to its CORS configuration, "
        f"with what the references stand for: {json.dumps([Stack.of(scope).resolve(wanted)])}"
    )
