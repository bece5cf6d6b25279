"""A web application's files: their distribution, their content security policy and how they get there."""
