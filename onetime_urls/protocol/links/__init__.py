"""What minting and redeeming a one-time link must agree on, and nothing else.

`canonical` says when two URLs are the same link, `record` says when a claim is won, `reasons` says
what a person is told otherwise, and `limits` holds the numbers with their sources. Everything here
is a pure function of its arguments: no I/O, no clock, no SDK, standard library only, because it
runs inside the edge guard on every request.
"""
