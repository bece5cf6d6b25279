"""Examples run with the wheel that their readers install."""

from tests.wheel.building import installed, wheel

__all__ = ["installed", "wheel"]
