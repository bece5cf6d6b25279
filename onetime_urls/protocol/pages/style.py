"""The design system: what type, space, colour and motion are, and the parts that pages are made of.

One text for the share page, the guards' pages and the console, so that they look like one hand's work. Pages
carry it inside, allowed by its hash; the console serves it as a file.

Names that others build on:

    colours   --ink --ink-soft --paper --card --line --accent --accent-ink --good --warn --bad --focus
    type      --font --mono --text-s --text-m --text-l --text-xl
    space     --space-1 to --space-6: 4, 8, 12, 16, 24, 40 px
    the rest  --radius --shadow --motion

    .card               a sheet of its own on the paper
    .button             with --quiet for what isn't the main thing to do, --danger for what takes away; a link
                        may be one
    .field              a label, what is typed into, and a small text below it, which may be its error
    .badge              a state in a word: --ready --used --expired --revoked --exhausted --locked
    .notice             something that has to be noticed: --good --warn --bad
    .visually-hidden    for those who listen

Colours are for light and dark surroundings, as the browser says. Each text colour has a contrast of 4.5 with
paper and card, and the border of what is typed into has 3 (WCAG 2.2, success criteria 1.4.3 and 1.4.11).
Whoever asks for less motion gets none.
"""

from onetime_urls.protocol.pages.colour import ink_on, readable_on

ACCENT = "#1257b8"
"""Our own colour, where no brand has one."""

PAPER, CARD_BY_NIGHT = "#f3f4f6", "#1b1f25"
"""What the brand's colour has to be read on: by day the darker, by night the lighter ground."""

_TOKENS = f"""
:root {{
  color-scheme: light dark;
  --ink: #15181d; --ink-soft: #545c68; --paper: {PAPER}; --card: #ffffff; --line: #dcdfe5;
  --accent: {ACCENT}; --accent-ink: #ffffff; --focus: {ACCENT};
  --good: #186a3b; --warn: #865300; --bad: #b3261e;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, monospace;
  --text-s: .875rem; --text-m: 1rem; --text-l: 1.25rem; --text-xl: 1.75rem;
  --space-1: 4px; --space-2: 8px; --space-3: 12px; --space-4: 16px; --space-5: 24px; --space-6: 40px;
  --radius: 10px; --shadow: 0 1px 2px #15181d14, 0 12px 32px #15181d14; --motion: 160ms;
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --ink: #eceef1; --ink-soft: #a8b0bb; --paper: #101317; --card: {CARD_BY_NIGHT}; --line: #353b45;
    --accent: #8ab8ff; --accent-ink: #0b0d10; --good: #74d19d; --warn: #efbd63; --bad: #ff9f96;
    --focus: #8ab8ff; --shadow: 0 1px 2px #0006, 0 12px 32px #0006;
  }}
}}
@media (prefers-reduced-motion: reduce) {{ :root {{ --motion: 0s }} }}
"""

_PARTS = """
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: var(--text-m)/1.5 var(--font) }
h1, h2, h3, p, dl, dd, blockquote { margin: 0 }
h1 { font-size: var(--text-xl); line-height: 1.2; letter-spacing: -.015em; text-wrap: balance }
h2 { font-size: var(--text-l); line-height: 1.3; letter-spacing: -.01em }
h3 { font-size: var(--text-m) }
a { color: var(--accent); text-underline-offset: .15em }
svg { display: block; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round;
  stroke-linejoin: round }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
.card { background: var(--card); border: 1px solid var(--line); border-radius: calc(var(--radius) * 1.6);
  box-shadow: var(--shadow); padding: var(--space-5) }
.button { display: inline-flex; align-items: center; justify-content: center; gap: var(--space-2);
  min-height: 44px; padding: var(--space-2) var(--space-4); border: 1px solid transparent;
  border-radius: var(--radius); background: var(--accent); color: var(--accent-ink); font: inherit;
  font-weight: 600; text-decoration: none; cursor: pointer; transition: filter var(--motion) }
.button:hover { filter: brightness(.92) }
.button:disabled { opacity: .55; cursor: default; filter: none }
.button--quiet { background: transparent; border-color: var(--line); color: var(--ink) }
.button--quiet:hover { background: var(--paper); filter: none }
.button--danger { background: var(--bad); color: var(--card) }
.field { display: grid; gap: var(--space-1) }
.field label { font-weight: 600 }
.field :is(input, select, textarea) { width: 100%; min-height: 44px; padding: var(--space-2) var(--space-3);
  border: 1px solid var(--ink-soft); border-radius: var(--radius); background: var(--card); color: var(--ink);
  font: inherit }
.field [aria-invalid=true] { border: 2px solid var(--bad) }
.field small { margin-top: 2px; color: var(--ink-soft); font-size: var(--text-s) }
.field [aria-invalid=true] ~ small { color: var(--bad); font-weight: 600 }
.badge { display: inline-flex; align-items: center; gap: var(--space-1); padding: 1px var(--space-2);
  border: 1px solid currentColor; border-radius: 99px; color: var(--ink-soft); font-size: var(--text-s);
  font-weight: 600; white-space: nowrap }
.badge--ready { color: var(--good) }
.badge--locked, .badge--expired { color: var(--warn) }
.badge--revoked, .badge--exhausted { color: var(--bad) }
.notice { padding: var(--space-3) var(--space-4); border: 1px solid var(--line);
  border-left: 4px solid var(--ink-soft); border-radius: var(--radius); background: var(--card) }
.notice--good { border-left-color: var(--good) }
.notice--warn { border-left-color: var(--warn) }
.notice--bad { border-left-color: var(--bad) }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap }
"""


def design(colour: str | None = None) -> str:
    """The style sheet of tokens and parts.

    Args:
        colour: the brand's, instead of our own accent.
    """
    return _TOKENS + _PARTS + (_accent(colour) if colour else "")


def _accent(colour: str) -> str:
    by_day, by_night = readable_on(colour, PAPER), readable_on(colour, CARD_BY_NIGHT)
    return (
        f":root {{ {_accent_values(by_day)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_accent_values(by_night)} }} }}\n"
    )


def _accent_values(accent: str) -> str:
    return f"--accent: {accent}; --accent-ink: {ink_on(accent)}; --focus: {accent}"
