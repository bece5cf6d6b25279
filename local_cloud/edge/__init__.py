"""The local edge: CloudFront's data plane, as far as a distribution with S3 origins needs it.

MiniStack has CloudFront's API but no Lambda@Edge, so this package is what answers viewers. It reads what was
deployed through that API, runs the associated function versions and talks to S3, so that a wrong template
fails here the way that it would on AWS. `docs/local-edge.md` lists what it models and what it refuses.

Decisions are pure: `config` with `policy_config`, `function_config` and `documents` reads what was deployed
into a `model`; `policies`, `events`, `results`, `cache`, `responses` and `s3` decide about `messages`. The
shell around them is `deployed` (CloudFront API), `functions` (Lambda API), `http_client`, `pipeline`, `app`
(ASGI), `server` and `__main__`.
"""
