"""Hands out files by CloudFront's own signatures: `GET /files`, `GET /url`, sessions of signed cookies, and
the same two questions in GraphQL.

`parameters` reads what is asked for, `callers` who asks and what the rules let them read, `policies` and
`sessions` write what is signed and sent, all without I/O. `files` lists and looks up, `signing` has KMS sign,
and `handler` binds them to Lambda. CloudFront verifies what is handed out: nothing here runs when a file is
read, and nothing that was handed out can be taken back before it expires.
"""
