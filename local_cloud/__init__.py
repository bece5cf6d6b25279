"""The local cloud: the deployed system on this machine, with no AWS account and no Docker.

`cloud.LocalCloud` starts MiniStack, lets the real CDK CLI bootstrap and deploy the unchanged template to
it, and puts the local edge (`local_cloud.edge`) in front, where CloudFront would be. `python -m local_cloud
up` keeps one in the foreground, `python -m local_cloud demo` shows one working. docs/local-cloud.md says
what it proves and what it can't.
"""
