"""A deployment as its users reach it, on AWS or in the local cloud."""
