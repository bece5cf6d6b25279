"""The parts of one-time links: minting, the guard at the edge, the distribution, looking after them."""
