"""Lists what can be handed out: `GET /objects`, the bucket's objects folder by folder.

`handler` binds the HTTP API and the environment, `objects` makes the calls to S3, and `keys` decides what is
listed and where a page goes on. Nothing here can read an object.
"""
