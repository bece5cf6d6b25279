"""MiniStack as the launcher runs it: who gets in, and what it is taught that AWS does and it doesn't, or only
slowly.

`server` is the process. `browser_shield` decides which requests go on; each of the other modules teaches it
one thing, and can go once MiniStack does that by itself.
"""
