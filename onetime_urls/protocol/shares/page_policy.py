"""What the page of a share looks like, and what browsers may let it do: one text and its hash.

The page has no script, loads nothing, is framed by nobody and sends its form only home. Its one style
sheet is allowed by its hash (CSP Level 3, "style-src"), so the two stand together here: the function
puts the style into the page, the stack puts the policy into the distribution's answer.
"""

import hashlib
from base64 import b64encode

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1a1a1a; --soft: #595959; --paper: #fff; --edge: #d0d0d0; --act: #0b57d0; --on: #fff; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #ececec; --soft: #b0b0b0; --paper: #161616; --edge: #4a4a4a; --act: #a8c7fa; --on: #06224f;
    --bad: #f2b8b5;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 0 auto; padding: 2rem 1rem }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .75rem }
h1, dd, blockquote { overflow-wrap: anywhere }
p { margin: 0 0 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1.25rem }
dt { color: var(--soft) }
dd { margin: 0 }
blockquote {
  margin: 0 0 1.25rem; padding: 0 0 0 .875rem; border-left: 3px solid var(--edge); white-space: pre-wrap;
}
form { margin: 0 0 1.25rem }
label { display: block; margin: 0 0 .25rem }
input, button { font: inherit; width: 100%; min-height: 3rem; padding: .5rem .75rem; border-radius: .5rem }
input { margin: 0 0 1rem; border: 1px solid var(--soft); background: var(--paper); color: var(--ink) }
button { font-weight: 600; border: 0; background: var(--act); color: var(--on); cursor: pointer }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
.soft { color: var(--soft); font-size: .9375rem }
.told, .bad { font-weight: 600 }
.bad { color: var(--bad) }
"""

_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode("ascii")

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Without `sandbox`, which would forbid the form and the download that follows it."""
