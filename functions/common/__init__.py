"""What several functions are made of: `http_api` answers callers of the API, `link_minting` makes links, and
`edge` calls AWS from where an SDK would cost too much."""
