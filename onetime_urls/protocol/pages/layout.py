"""How a page for people is laid out: a card in the middle of the screen, who hands out on top, then what
there is to say.

A page has its whole style inside, and its security policy allows that one style by its hash (CSP Level 3,
"style-src"): the function puts the style into the page, the stack puts the policy into the distribution's
answer, and both take them from here.
"""

import hashlib
from base64 import b64encode

from onetime_urls.protocol.pages.style import design

_LAYOUT = """
body { display: flex; flex-direction: column; align-items: center; gap: var(--space-4); min-height: 100vh;
  min-height: 100svh; padding: var(--space-4) }
body::before { content: ""; flex: 2 }
body::after { content: ""; flex: 3 }
main { width: 100%; max-width: 29rem; display: grid; gap: var(--space-5) }
main > *, .file > * { min-width: 0 }
h1, .name, .note, .from, footer { overflow-wrap: anywhere }
.soft { color: var(--ink-soft); font-size: var(--text-s) }
.from { display: flex; align-items: center; gap: var(--space-3); padding-bottom: var(--space-4);
  border-bottom: 1px solid var(--line) }
.from p { line-height: 1.35 }
.from b { display: block }
.mark { flex: none; display: grid; place-items: center; width: 40px; height: 40px;
  border-radius: var(--radius); background: var(--accent); color: var(--accent-ink);
  font-size: var(--text-l); font-weight: 700 }
.mark--place { background: none; border: 1px solid var(--line); color: var(--ink-soft) }
img.mark { object-fit: contain; width: auto; min-width: 40px; max-width: 9rem; background: none;
  border-radius: 6px }
.file { display: flex; align-items: center; gap: var(--space-4) }
.file .name { font-size: var(--text-l); font-weight: 700; line-height: 1.3; letter-spacing: 0;
  text-wrap: initial }
.tile { flex: none; display: grid; place-items: center; width: 52px; height: 52px; color: var(--accent);
  border-radius: var(--radius); background: color-mix(in srgb, currentColor 12%, transparent) }
.note { padding: var(--space-3) var(--space-4); border-radius: var(--radius); background: var(--paper) }
.note blockquote { white-space: pre-wrap }
figure { margin: 0 }
.fact strong { display: block; margin-bottom: var(--space-1); text-wrap: balance;
  font-size: var(--text-xl); line-height: 1.2; letter-spacing: -.015em }
.until { display: flex; gap: var(--space-2); margin-top: var(--space-2) }
.until svg { flex: none; margin-top: 1px }
form { display: grid; gap: var(--space-4) }
.button--wide { width: 100%; min-height: 52px }
.state { display: grid; justify-items: center; gap: var(--space-3); padding: var(--space-3) 0;
  text-align: center }
.state p { max-width: 24rem; text-wrap: balance }
.state .button { margin-top: var(--space-2) }
.ring { display: grid; place-items: center; width: 72px; height: 72px; border-radius: 50%;
  color: var(--ink-soft);
  background: color-mix(in srgb, currentColor 12%, transparent) }
.ring--good { color: var(--good) }
.ring--warn { color: var(--warn) }
.ring--bad { color: var(--bad) }
.ring--accent { color: var(--accent) }
footer { width: 100%; max-width: 29rem; text-align: center }
@media (prefers-color-scheme: dark) { img.mark { background: #fff; padding: 4px } }
@media print { form, .button, footer { display: none } .card { box-shadow: none } }
"""


def page_style(colour: str | None) -> str:
    """The style sheet of a page.

    Args:
        colour: the brand's, if it has one.
    """
    return "\n".join(line.strip() for line in f"{design(colour)}{_LAYOUT}".split("\n") if line)


def page_policy(colour: str | None, *, forms: str = "'none'") -> str:
    """The content security policy of a page with that style: it runs nothing, loads nothing but the pictures
    that it holds itself, and is framed by nobody.

    Without `sandbox`, which would forbid the share page's form and the download that follows it.

    Args:
        forms: where a form may be sent.
    """
    digest = b64encode(hashlib.sha256(page_style(colour).encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action {forms}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
