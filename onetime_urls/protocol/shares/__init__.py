"""What creating, showing and redeeming a share link agree on: its record, its writes, its PIN, its page.

A share is a short address for a person, `/-/<id>`. It is no bearer of bytes itself: asked for the file,
it has a fresh one-time link minted and counts. Everything here is pure: no I/O, no clock.
"""
