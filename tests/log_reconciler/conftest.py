"""The store under test: the same engines as for the record's own rules."""

from tests.store.conftest import store

__all__ = ["store"]
