"""Makes, shows, lists and revokes shares, and lets callers upload what they want to share.

`handler` binds the HTTP API, the environment and the clock, `fields` decides what a request may say,
`shares` and `uploads` make the calls, and `answers` writes what a caller is told.
"""
