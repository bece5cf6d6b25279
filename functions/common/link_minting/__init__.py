"""Makes one-time links: looks an object up, signs a URL for it, stores the link's record.

`mint` is the order of steps that no link may be handed out without. What can be decided without I/O
is decided in modules of its own: `disposition` (the download's name), `credentials` (how long a link
can live), `presign` (the URL). `aws` makes the calls, `settings` names the deployment's parts.
"""
