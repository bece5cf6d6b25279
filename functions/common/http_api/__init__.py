"""What every function behind the HTTP API does alike: read strictly, answer shortly, log no secret.

`binding` ties an app to Lambda. `environment`, `query` and `body` read what comes in, `fields` holds it to
what is allowed, and `listing` to a page of names. `aws_calls` bounds every call to AWS. `answers` writes what
a caller reads, `errors` when something is in the way, in the form that `negotiation` picks, `media_types`
tells a file's type by its name, and `metrics` counts.
"""
