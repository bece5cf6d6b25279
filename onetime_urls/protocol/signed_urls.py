"""How long what CloudFront verifies may last, and how a session is kept: what the construct and the file
signer agree on."""

MAX_URL_SECONDS = 7 * 86_400
"""As long as S3's own presigned URLs may live."""

MIN_COOKIE_SECONDS, MAX_COOKIE_SECONDS = 60, 43_200
"""A session can't be ended from here: cookies that were copied live until they expire."""

MAX_SESSION_RULES = 8
"""A session has four cookies for each rule that lets its user read, some 1,100 bytes with an RSA key. API
Gateway sends 10,240 bytes of header values at most (API Gateway Developer Guide, "Quotas for HTTP APIs")."""

DISPOSITION_PARAMETER = "response-content-disposition"
"""What S3 takes `Content-Disposition` from (S3 API Reference, GetObject). Without a name in it browsers take
the path's last segment."""
