"""What the functions at the edge share: calls to AWS without an SDK, and the HTTP that carries them.

Standard library only. These functions run at 128 MB, which is about a fourteenth of a core, so every import
is paid for by each new container.
"""
