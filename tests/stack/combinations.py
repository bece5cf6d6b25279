"""The combinations of settings that most tests of the template look at, as strings and as JSON.

What the other doors take is set where they are tested.
"""

from typing import Any

COMBINATIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "disposable": {
        "disposable": "true",
        "issuer_auth": "none",
        "access_logs": "true",
        "monitoring": "false",
    },
    "abroad": {
        "region": "eu-west-1",
        "access_logs": True,
        "reconcile_logs": True,
        "domain_name": "files.example.com",
        "hosted_zone_id": "Z0123456789ABCDEFGHIJ",
        "hosted_zone_name": "example.com",
    },
    "tailored": {
        "stack_name": "Acme-Links",
        "issuer_auth": "jwt",
        "jwt_issuer": "https://login.example.com/tenant",
        "jwt_audience": "web,cli",
        "cors_origins": ["https://app.example.com", "http://localhost:3000"],
        "default_lifetime_seconds": "60",
        "max_lifetime_seconds": 1800,
        "record_retention_days": "7",
        "throttle_rate": 5,
        "throttle_burst": "10",
        "upload_folders": "uploads/,team/files/",
        "upload_types": "application/pdf,image/*",
        "share_page_concurrency": "5",
        "price_class": "PriceClass_All",
        "domain_name": "files.example.com",
        "certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/"
        "01234567-89ab-cdef-0123-456789abcdef",
        "web_acl_arn": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/links/"
        "01234567-89ab-cdef-0123-456789abcdef",
        "brand_name": "Müller & Söhne",
        "brand_colour": "#0a5c8f",
        "bucket_name": "acme-files",
        "alarm_email": "ops@example.com",
        "refusals_alarm": "20",
        "events": "true",
        "audit_trail": True,
        "notify_email": "sender@example.com",
        "notify_webhook_url": "https://hooks.example.com/onetime",
    },
}
