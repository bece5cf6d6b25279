"""The parts of `SignedUrls`: its keys, its function, its session's behaviour, and its GraphQL API."""
