"""The console's files: where they stand in its bucket, and what the custom resource that publishes them is
told."""

TYPE = "Custom::Console"

BUCKET_PROPERTY = "Bucket"
VERSION_PROPERTY = "Version"
"""Names the files that never change, by a hash of them."""

DOCUMENTS_PROPERTY = "Documents"
"""What stands at the root: name to text."""

PUBLISHED_FOLDER = "published"
"""Where the function's asset has the files that never change."""

ASSETS_FOLDER = "assets"
"""They are published under `assets/VERSION/`."""

PLACEHOLDER = f"{ASSETS_FOLDER}/_/"
"""What `index.html` writes in place of that."""

PAGE = "index.html"
CONFIG = "config.json"
ICON = "favicon.svg"
