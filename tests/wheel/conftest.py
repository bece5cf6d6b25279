"""The fixtures of the wheel."""

from tests.wheel.building import installed, wheel

__all__ = ["installed", "wheel"]
