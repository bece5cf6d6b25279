"""A domain of one's own for links: its certificate, and its records where the zone is known.

CloudFront takes certificates from us-east-1 only (CloudFront Developer Guide, "Requirements for using
SSL/TLS certificates with CloudFront"), so one that is made here is made in the stack that is there.
"""

from aws_cdk import ReferenceStrength, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from stack.settings import Settings


class CustomDomain(Construct):
    """The certificate, given or made, for `settings.domain_name`."""

    def __init__(self, scope: Construct, construct_id: str, *, edge_stack: Stack, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self._settings = settings
        arn = settings.certificate_arn or self._make_certificate(edge_stack)
        self.certificate = acm.Certificate.from_certificate_arn(self, "Certificate", arn)

    def point_at(self, distribution: cloudfront.IDistribution) -> None:
        """Add the domain's records for `distribution`, if the settings name its zone."""
        if not self._settings.hosted_zone_id:
            return
        zone = self._zone(self)
        for record in (route53.ARecord, route53.AaaaRecord):
            record(
                self,
                record.__name__,
                zone=zone,
                record_name=f"{self._settings.domain_name}.",
                target=route53.RecordTarget.from_alias(targets.CloudFrontTarget(distribution)),
            )

    def _make_certificate(self, edge_stack: Stack) -> str:
        made = acm.Certificate(
            edge_stack,
            "LinksCertificate",
            domain_name=str(self._settings.domain_name),
            validation=acm.CertificateValidation.from_dns(self._zone(edge_stack)),
        )
        # Across stacks, read from the other's output: that works across regions without a custom resource.
        return Stack.consume_reference(made.certificate_arn, ReferenceStrength.WEAK)

    def _zone(self, scope: Construct) -> route53.IHostedZone:
        return route53.HostedZone.from_hosted_zone_attributes(
            scope,
            "Zone",
            hosted_zone_id=str(self._settings.hosted_zone_id),
            zone_name=str(self._settings.hosted_zone_name),
        )
