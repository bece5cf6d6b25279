"""What two rooms have to spell alike, spelt once.

A name that a construct deploys and a function reads, or that a function sends and the command looks for,
stands here and nowhere else. `headers` and `names` are what goes over the wire, `routes` the API's paths,
`environment` what a construct tells its function and `parameter` what it tells the guard, `console` and
`public_key` what custom resources are told, `events` and `metrics` what a function tells the world, and
`outputs` what a deployed stack says of itself.
"""
