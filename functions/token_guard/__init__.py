"""The guard of private assets: lets a request through whose token gives the right to read what it asks for.

One Lambda@Edge function on two CloudFront events. At viewer request, which runs before the cache and so for
every request, it reads path and token strictly, verifies the token and asks the rules; at origin response it
marks what S3 sent as private and replaces S3's errors. `handler` is where Lambda enters; `requests`,
`sources` and `origin_response` decide, `refusals` are the reasons that `answers` and `page` write down,
`common.edge.verifier` verifies, and `guard` binds them.

Standard library only, like the edge guard. A container verifies a token once and asks an issuer for its keys
once an hour; no request costs a call.
"""
