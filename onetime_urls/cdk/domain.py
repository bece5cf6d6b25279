"""A distribution's own domain: its certificate, and its records where the zone is known.

CloudFront takes certificates from us-east-1 only (CloudFront Developer Guide, "Requirements for using
SSL/TLS certificates with CloudFront"), so one that is made here is made in the stack that is there.
"""

from aws_cdk import Stack, Token
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from onetime_urls.cdk.options import Domain
from onetime_urls.cdk.patterns import DOMAIN
from onetime_urls.cdk.refusal import Props
from onetime_urls.cdk.support_stack import EDGE_REGION, across


class CustomDomain(Construct):
    """The certificate, given or made, for a domain.

    Attributes:
        name: the domain's name.
        certificate: the certificate.
    """

    def __init__(self, scope: Construct, construct_id: str, *, domain: Domain, edge_scope: Construct) -> None:
        """
        Args:
            edge_scope: where in us-east-1 a certificate is made.

        Raises:
            PropError: the name is none, or there is neither a certificate nor a zone to make one through.
        """
        super().__init__(scope, construct_id)
        props = Props(scope)
        self.name = props.text("domain.name", domain.name, DOMAIN, "a domain name in lower case")
        props.resource("domain.hosted_zone", domain.hosted_zone, "hosted_zone_id", "a hosted zone of route53")
        props.resource("domain.certificate", domain.certificate, "certificate_arn", "a certificate of acm")
        self._zone = domain.hosted_zone
        if self._zone and not _is_within(self.name, self._zone.zone_name):
            raise props.error(
                f"domain.name is {self.name}, which isn't in the hosted zone {self._zone.zone_name}"
            )
        if domain.certificate:
            arn = domain.certificate.certificate_arn
            if not Token.is_unresolved(arn) and f":acm:{EDGE_REGION}:" not in arn:
                raise props.error(
                    f"domain.certificate is {arn}, CloudFront takes those of {EDGE_REGION} only"
                )
            self.certificate = domain.certificate
        elif not self._zone:
            raise props.error("domain needs a certificate, or a hosted_zone to make one through")
        elif Token.is_unresolved(self._zone.hosted_zone_id) and Stack.of(edge_scope) != Stack.of(self):
            raise props.error(
                "domain.hosted_zone is made by this app, so the stack in us-east-1 doesn't know it yet: give "
                "domain a certificate"
            )
        else:
            arn = across(self._make(edge_scope, self._zone).certificate_arn)
            self.certificate = acm.Certificate.from_certificate_arn(self, "Certificate", arn)

    def point_at(self, distribution: cloudfront.IDistribution) -> None:
        """Add the domain's records for `distribution`, if its zone is known."""
        if not self._zone:
            return
        for record in (route53.ARecord, route53.AaaaRecord):
            record(
                self,
                record.__name__,
                zone=self._zone,
                record_name=f"{self.name}.",
                target=route53.RecordTarget.from_alias(targets.CloudFrontTarget(distribution)),
            )

    def _make(self, edge_scope: Construct, zone: route53.IHostedZone) -> acm.Certificate:
        return acm.Certificate(
            edge_scope,
            "Certificate",
            domain_name=self.name,
            validation=acm.CertificateValidation.from_dns(
                route53.HostedZone.from_hosted_zone_attributes(
                    edge_scope, "Zone", hosted_zone_id=zone.hosted_zone_id, zone_name=zone.zone_name
                )
            ),
        )


def _is_within(name: str, zone: str) -> bool:
    return Token.is_unresolved(zone) or f".{name}".endswith(f".{zone.rstrip('.')}")
