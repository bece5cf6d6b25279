"""The parts of `PrivateAssets`: the guard at the edge, and the settings that it is given."""
