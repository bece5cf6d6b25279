"""For which clients tokens have to be made out: known once each that is made beside an API has been added."""

from collections.abc import Sequence

import jsii
from aws_cdk import IStableListProducer
from constructs import IConstruct, IValidation


@jsii.implements(IStableListProducer, IValidation)
class Audience:
    """Client ids, of which there has to be one at synthesis: tokens made out for anybody let anybody in.

    Attributes:
        clients: those so far.
    """

    def __init__(self, scope: IConstruct, clients: Sequence[str], *, none: str) -> None:
        """
        Args:
            scope: what refuses to be synthesised without any.
            none: the sentence that says so.
        """
        self.clients = [*clients]
        self._none = none
        scope.node.add_validation(self)

    def add(self, client_id: str) -> None:
        """Take another client in."""
        if client_id not in self.clients:
            self.clients.append(client_id)

    def produce(self) -> list[str]:
        """What a template gets."""
        return self.clients

    def validate(self) -> list[str]:
        """What is wrong at synthesis."""
        return [] if self.clients else [self._none]
