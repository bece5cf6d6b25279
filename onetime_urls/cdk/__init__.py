"""Constructs for CDK apps."""
