"""What every function behind the HTTP API does alike: read strictly, answer shortly, log no secret.

`binding` ties an app to Lambda, `environment` and `query` read what comes in, `aws_calls` bounds every call
to AWS, `errors` says what a caller is told when something is in the way, and `negotiation` picks the
answer's form.
"""
