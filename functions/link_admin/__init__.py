"""Looks after links that exist: `GET /links/{id}`, `DELETE /links/{id}` and `GET /links`.

`handler` binds the HTTP API, the environment and the clock, `parameters` decides what is asked for,
`store` makes the calls to DynamoDB, and `states` says what a record means. Nothing here can make,
claim or give back a link, and no read asks for what makes one work.
"""
