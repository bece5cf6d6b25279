"""The parts of share pages."""
