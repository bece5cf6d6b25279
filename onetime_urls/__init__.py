"""Hands out the objects of a private S3 bucket, on AWS: exactly once, or to whoever signed in.

`onetime_urls.cdk` has the constructs for CDK apps, `onetime_urls.client` the client for programs,
`onetime_urls.cli` the command `onetime`, and `onetime_urls.protocol` the rules that the deployed functions,
the constructs and the command agree on.
"""
