"""AWS's list prices that the docs reckon with, in one place: us-east-1, in dollars, before free tiers."""

AS_OF = "2026-11"
"""Month in which they were written down, second-hand: look them up before you decide by them."""

PER_MILLION = {
    "CloudFront HTTPS request": 1.00,
    "HTTP API request": 1.00,
    "Lambda request": 0.20,
    "Lambda@Edge request": 0.60,
    "DynamoDB write": 0.625,
    "S3 GET or HEAD": 0.40,
    "S3 LIST": 5.00,
    "KMS signature, RSA_2048": 3.00,
    "KMS signature, ECC_NIST_P256": 15.00,
}

PER_MONTH = {"Secrets Manager secret": 0.40, "KMS key": 1.00}

PER_GB_SECOND = {"Lambda, arm64": 0.0000133334, "Lambda@Edge": 0.00005001}
