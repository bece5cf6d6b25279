"""docs/openapi.yaml is sound, and has every route and every error of the code."""

from openapi_spec_validator import validate

from common.http_api.errors import STATUS, Code
from common.http_api.fields import schema_of
from file_signer.handler import app as file_signer
from link_admin.handler import app as link_admin
from link_admin.parameters import PARAMETERS
from object_lister.handler import app as object_lister
from onetime_urls.protocol.contract.routes import (
    ABORT_UPLOAD,
    COMPLETE_UPLOAD,
    FILES,
    GET_URL,
    LINK,
    LINKS,
    OBJECTS,
    RESUME_UPLOAD,
    SESSION,
    SHARE,
    SHARES,
    UPLOADS,
    URL,
)
from share_admin.handler import app as share_admin
from tests.openapi import DOCUMENT, error_codes, operations, routes_of
from url_issuer.handler import app as url_issuer


def test_the_document_is_valid_openapi_3_1() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_it_has_every_route_of_the_code_and_no_other() -> None:
    apps = (url_issuer, object_lister, link_admin, share_admin, file_signer)
    assert operations().keys() == set[tuple[str, str]]().union(*map(routes_of, apps))


def test_it_lists_every_error_code_under_its_status() -> None:
    listed: dict[str, int] = {}
    for operation in operations().values():
        for code, status in error_codes(operation).items():
            assert listed.setdefault(code, status) == status
    assert listed == {code: STATUS.get(code, 400) for code in Code}


def test_its_routes_are_those_that_the_stack_deploys() -> None:
    deployed = (
        GET_URL,
        OBJECTS,
        LINKS,
        LINK,
        SHARES,
        SHARE,
        UPLOADS,
        COMPLETE_UPLOAD,
        RESUME_UPLOAD,
        ABORT_UPLOAD,
        FILES,
        URL,
        SESSION,
    )
    assert operations().keys() == {
        (each.path, method.lower()) for each in deployed for method in each.methods
    }


def test_its_list_of_links_takes_what_requests_are_validated_against() -> None:
    shown = {each["name"]: each["schema"] for each in operations()[LINKS.path, "get"]["parameters"]}
    assert shown == schema_of(PARAMETERS)["properties"]
