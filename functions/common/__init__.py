"""What several functions are made of: `http_api` answers callers of the API, `link_minting` makes links."""
