"""What every function behind the HTTP API does alike: read strictly, answer shortly, log no secret.

`binding` ties an app to Lambda. `environment`, `query` and `body` read what comes in, and `fields` holds it
to what is allowed. `aws_calls` bounds every call to AWS, `errors` becomes what a caller reads when something
is in the way, `negotiation` picks the answer's form, and `metrics` counts.
"""
