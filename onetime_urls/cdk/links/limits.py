"""What a link may be asked for, as the functions read it."""

from dataclasses import dataclass
from typing import Self

from aws_cdk import Duration

from onetime_urls.cdk.refusal import Props
from onetime_urls.protocol.links.limits import MAX_CLAIMS, MAX_RESUME_FACTOR, SESSION_SECONDS
from onetime_urls.protocol.shares.limits import MAX_RESUME_SECONDS

DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class LinkLimits:
    """Checked props, in seconds and whole numbers."""

    default_lifetime_seconds: int
    max_lifetime_seconds: int
    max_claims: int
    max_resume_seconds: int
    max_resume_factor: int
    record_retention_seconds: int

    @classmethod
    def checked(
        cls,
        props: Props,
        *,
        default_lifetime: Duration | None,
        max_lifetime: Duration,
        max_claims: int,
        max_resume: Duration,
        max_resume_factor: int,
        record_retention: Duration,
    ) -> Self:
        """The props of `OneTimeUrls`.

        Raises:
            PropError: one can't work.
        """
        longest = props.seconds("max_lifetime", max_lifetime, 1, SESSION_SECONDS)
        return cls(
            default_lifetime_seconds=(
                min(900, longest)
                if default_lifetime is None
                else props.seconds("default_lifetime", default_lifetime, 1, longest)
            ),
            max_lifetime_seconds=longest,
            max_claims=props.whole_number("max_claims", max_claims, 1, MAX_CLAIMS),
            max_resume_seconds=props.seconds("max_resume", max_resume, 0, MAX_RESUME_SECONDS),
            max_resume_factor=props.whole_number(
                "max_resume_factor", max_resume_factor, 1, MAX_RESUME_FACTOR
            ),
            record_retention_seconds=props.seconds("record_retention", record_retention, DAY, 3650 * DAY),
        )
