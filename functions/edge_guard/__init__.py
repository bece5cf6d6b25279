"""The guard at the edge: admits a one-time link's first use to S3, and refuses everything else.

One Lambda@Edge function on two CloudFront events. At viewer request it reads the link strictly and
claims it with one conditional write; at origin response it replaces whatever S3 says instead of the
object. `handler` is where Lambda enters; `viewer_request`, `origin_response` and `answers` decide,
`claim` is the protocol of the write, `common.edge` carries it, and `guard` binds them.

Standard library only: the function runs at 128 MB, which is about a fourteenth of a core, and
loading an SDK would cost every new container more CPU than all that it does afterwards.
"""
