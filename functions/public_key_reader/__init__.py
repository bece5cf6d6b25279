"""Gives CloudFormation the public half of a signing key, as PEM: a custom resource that changes nothing.

CloudFormation has no attribute for it (CloudFormation Template Reference, AWS::KMS::Key). What is made of it,
CloudFront's public key and key group, are resources of CloudFormation's own.
"""
