"""axe-core looks at pages as they are shown."""

import json
from pathlib import Path

from playwright.sync_api import Page

_AXE = (Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def findings(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong with the page as it is shown, by these rules or by all. It is run past the page's
    own policy, through the debugger, and only looks."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    only = {"runOnly": list(rules)} if rules else {}
    found = page.evaluate(
        "async options => (await axe.run(options)).violations", {"resultTypes": ["violations"], **only}
    )
    return [
        json.dumps({"id": each["id"], "at": [node["target"] for node in each["nodes"]][:3]}) for each in found
    ]
