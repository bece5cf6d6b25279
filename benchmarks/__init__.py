"""Measures the design's claims about cost, side by side in one run: `make bench`."""
