"""What minting and redeeming a one-time link must agree on, and nothing else.

`canonical` says when two URLs are the same link, `nonce` which of them were made up, `record` what is
stored of a link, `claims` with `rules` when a claim is won, `reasons` what a person is told otherwise,
`views` what may be read of a record afterwards, and `limits` holds the numbers with their sources.
Everything here is a pure function of its arguments: no I/O, no clock, no SDK, standard library only,
because most of it runs inside the edge guard on every request.
"""
