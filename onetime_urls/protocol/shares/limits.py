"""Numbers that the API and the page of shares hold to, each with its reason."""

MAX_NOTE_LENGTH = 500
"""Characters in a note: it is shown on the page and kept in the record, which is read at every visit."""

MIN_PIN_LENGTH, MAX_PIN_LENGTH = 4, 64
"""Characters in a PIN. Four digits hold five tries with a lock behind them; whoever wants more may."""

MAX_DOWNLOADS = 100
"""Downloads that one share can be made for: its history is in its one item, which every visit reads."""

LINK_SECONDS = 60
"""Life of the one-time link that a download is handed."""

MAX_RESUME_SECONDS = 1800
"""Longest window for going on with a download. It comes out of the hour of the session that signs."""

SPARE_SECONDS = 5
"""A link with less than this left isn't handed out again: it could expire on the way."""

PIN_TRIES = 5
"""Wrong PINs before a lock."""

FIRST_LOCK_SECONDS, LONGEST_LOCK_SECONDS = 60, 86_400
"""The first lock's length, doubled by every further one, and the longest. A share of 30 days so allows
about 200 tries, of the 10,000 that four digits make."""

ID_LENGTH = 22
"""Characters of an id or a ticket: 128 random bits in the alphabet of RFC 4648, section 5."""

MAX_REPLACEMENTS = 10
"""Links of one ticket that take the place of unclaimed ones. Each leaves a line of up to 300 bytes in the
share's one item, which holds 400 KB (DynamoDB quotas), and so those of `MAX_DOWNLOADS` tickets."""
