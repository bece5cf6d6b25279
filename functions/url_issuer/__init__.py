"""Mints one-time links: `GET /get-url?key=…` in, a signed URL and its stored record out.

`handler` binds the HTTP API, the environment and the clock; `mint` is the order of steps that no
link may be handed out without. What can be decided without I/O is decided in modules of its own:
`query` and `parameters` (what is asked for), `disposition` (the download's name), `credentials`
(how long a link can live), `presign` (the URL). `aws` makes the calls and `errors` says what a
caller is told when something is in the way.
"""
