"""docs/openapi.yaml is sound, and has every route and every error of the code."""

from openapi_spec_validator import validate

from common.http_api.errors import STATUS, Code
from link_admin.handler import app as link_admin
from share_admin.handler import app as share_admin
from tests.openapi import DOCUMENT, error_codes, operations, routes_of
from url_issuer.handler import app as url_issuer


def test_the_document_is_valid_openapi_3_1() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_it_has_every_route_of_the_code_and_no_other() -> None:
    assert operations().keys() == routes_of(url_issuer) | routes_of(link_admin) | routes_of(share_admin)


def test_it_lists_every_error_code_under_its_status() -> None:
    listed: dict[str, int] = {}
    for operation in operations().values():
        for code, status in error_codes(operation).items():
            assert listed.setdefault(code, status) == status
    assert listed == {code: STATUS.get(code, 400) for code in Code}
