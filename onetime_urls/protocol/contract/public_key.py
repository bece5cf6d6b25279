"""The custom resource that reads a signing key's public half: its type, its property, its attribute."""

TYPE = "Custom::SigningPublicKey"
KEY_PROPERTY = "Key"
PEM_ATTRIBUTE = "Pem"
