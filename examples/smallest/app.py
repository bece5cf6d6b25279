"""The smallest app: a private bucket, and an API that mints links to its objects for callers with IAM
permissions."""

from aws_cdk import App, Environment, Stack

from onetime_urls.cdk import OneTimeUrls

app = App()
stack = Stack(app, "Files", env=Environment(region="us-east-1"))
links = OneTimeUrls(stack, "Links")
links.add_outputs()  # where `onetime --stack Files` finds it

app.synth()
