"""What the functions at the edge share: calls to AWS without an SDK, the HTTP that carries them, tokens that
they verify, the answers that they give themselves, and their log.

Standard library only. These functions run at 128 MB, which is about a fourteenth of a core, so every import
is paid for by each new container. Values that a guard loads are named tuples, here and in the protocol:
`dataclasses` loads `inspect`, and the two take a third of a start.
"""
