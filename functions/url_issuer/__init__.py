"""Mints one-time links for callers of the API: `GET /get-url?key=…` in, a URL out.

`handler` binds the HTTP API, the environment and the clock, `parameters` decides what is asked for,
`settings` holds the operator's limits, and `answers` writes the link out. Minting itself is
`common.link_minting`'s.
"""
