"""Signed URLs and signed cookies on a whole deployment, checked by code that isn't ours: `cryptography` and
botocore's own signer."""

import http.client
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.web import Answer, Deployment, follow, send, split_url

ODD_NAMES = ("a*b", "a?b=c", "a&b", "a#b", "100%", "a b+c", "Übergröße €", "*", "%2e%2e", "~(1)!'")
SIGNED = "CloudFront-"

Put = Callable[..., str]


@pytest.fixture(scope="module", autouse=True)
def signed(deployment: Deployment) -> str:
    """The signed distribution's address."""
    if "SignedDistributionUrl" not in deployment.outputs:
        pytest.skip("this deployment has no signed URLs: signed_urls=true")
    return deployment.outputs["SignedDistributionUrl"]


@pytest.fixture(scope="module")
def put(deployment: Deployment) -> Iterator[Put]:
    """Puts a file where a signed-in user may read it, and returns its name; all go at the end."""
    folder, made = f"shared/{secrets.token_hex(4)}/", []

    def give(name: str = "", body: bytes = b"for a while", under: str = folder, **extra: Any) -> str:
        file = under + (name or secrets.token_hex(4))
        made.append(f"private/{file}")
        deployment.s3.put_object(Bucket=deployment.bucket, Key=made[-1], Body=body, **extra)
        return file

    yield give
    for key in made:
        deployment.s3.delete_object(Bucket=deployment.bucket, Key=key)


@pytest.fixture(scope="module")
def administrator(deployment: Deployment) -> boto3.Session:
    """Whoever looks at keys: the local cloud's root, or the caller's own credentials on AWS."""
    return (
        boto3.Session("test", "test", region_name=deployment.region)
        if deployment.is_local
        else deployment.session
    )


@pytest.fixture(scope="module")
def token(deployment: Deployment, administrator: boto3.Session) -> str:
    """A token of a user in no group."""
    if not deployment.is_local:
        if "ONETIME_BEARER" not in os.environ:
            pytest.skip("ONETIME_BEARER has no token of a user")
        return os.environ["ONETIME_BEARER"]
    from local_cloud.users import Account, make_user, sign_in

    cognito = administrator.client("cognito-idp", endpoint_url=deployment.aws_endpoint)
    account = Account(
        deployment.outputs["UserPoolId"],
        deployment.outputs["UserPoolClientId"],
        f"Aa1!{secrets.token_hex(12)}",
    )
    name = f"user-{secrets.token_hex(4)}"
    make_user(cognito, account, name, ())
    return str(sign_in(cognito, account, name)["id_token"])


def ask_url(deployment: Deployment, file: str, **wanted: str) -> Answer:
    query = urlencode({"file": file, **wanted}, quote_via=quote, safe="")
    return deployment.ask_api("&".join(sorted(query.split("&"))), path="/url")


def url_of(deployment: Deployment, file: str, **wanted: str) -> str:
    answer = ask_url(deployment, file, **wanted)
    assert answer.status == 200, answer
    return str(answer.json()["url"])


def public_key(deployment: Deployment, administrator: boto3.Session, key_pair_id: str) -> Any:
    cloudfront = administrator.client("cloudfront", endpoint_url=deployment.aws_endpoint)
    config = cloudfront.get_public_key(Id=key_pair_id)["PublicKey"]["PublicKeyConfig"]
    return load_pem_public_key(config["EncodedKey"].encode())


def verify(key: Any, document: bytes, signature: str) -> None:
    """Raises InvalidSignature unless the key signed this."""
    raw = b64decode(signature.translate(str.maketrans("-_~", "+=/")))
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(raw, document, padding.PKCS1v15(), SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(raw, document, ec.ECDSA(SHA256()))


def parameters_of(url: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in urlsplit(url).query.split("&"))


def open_session(deployment: Deployment, token: str, **headers: str) -> Answer:
    base, target = split_url(deployment.outputs["SessionUrl"])
    return send(base, target, method="POST", authorization=f"Bearer {token}", **headers)


def cookies_of(deployment: Deployment, token: str) -> dict[str, dict[str, str]]:
    """The cookies of a new session: path to name to value."""
    parts = urlsplit(deployment.outputs["SessionUrl"])
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=30)
    connection.request("POST", parts.path, headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    assert response.status == 204, response.read()
    found: dict[str, dict[str, str]] = {}
    for line in response.headers.get_all("set-cookie") or ():
        [(name, morsel)] = SimpleCookie(line).items()
        assert morsel["secure"]
        assert morsel["httponly"]
        found.setdefault(morsel["path"], {})[name] = morsel.value
    connection.close()
    return found


def read(signed: str, path: str, cookies: dict[str, str], **headers: str) -> Answer:
    return send(
        signed, path, cookie="; ".join(f"{name}={value}" for name, value in cookies.items()), **headers
    )


def test_a_signed_url_serves_its_file_as_often_as_asked_and_from_the_cache(
    deployment: Deployment, put: Put
) -> None:
    url = url_of(deployment, put(body=b"for a while"))
    answers = [follow(url) for _ in range(3)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"for a while")] * 3
    assert "Hit" in answers[-1].headers["x-cache"]
    partial = follow(url, range="bytes=4-4")
    assert (partial.status, partial.body) == (206, b"a")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_whatever_a_file_is_called_its_url_serves_it_and_no_other(
    deployment: Deployment, put: Put, name: str
) -> None:
    file = put(name, body=name.encode())
    url = url_of(deployment, file)
    assert follow(url).body == name.encode()
    base, target = split_url(url)
    path, _, query = target.partition("?")
    other = put(name.replace("*", "x").replace("?", "x") + "y")
    for another in (path + "y", f"/{quote(other)}", path[:-1]):
        assert send(base, f"{another}?{query}").status == 403


def test_the_signature_is_by_sha_256_and_verifies_with_the_key_that_cloudfront_has(
    deployment: Deployment, put: Put, administrator: boto3.Session
) -> None:
    url = url_of(deployment, put())
    given = parameters_of(url)
    assert given["Hash-Algorithm"] == "SHA256"
    resource = f'"Resource":"{url.partition("?")[0]}"'
    date = f'"Condition":{{"DateLessThan":{{"AWS:EpochTime":{given["Expires"]}}}}}'
    key = public_key(deployment, administrator, given["Key-Pair-Id"])
    verify(key, f'{{"Statement":[{{{resource},{date}}}]}}'.encode(), given["Signature"])


def test_an_altered_url_is_refused(deployment: Deployment, put: Put) -> None:
    url = url_of(deployment, put())
    given = parameters_of(url)
    bare = url.partition("?")[0]
    expires = int(given["Expires"])
    flipped = (
        given["Signature"][:10] + ("A" if given["Signature"][10] != "A" else "B") + given["Signature"][11:]
    )
    for changed in (
        {"Expires": str(expires + 1)},
        {"Signature": flipped},
        {"Key-Pair-Id": "K00000000000"},
        {"Hash-Algorithm": "SHA1"},
        {"response-content-disposition": "attachment"},
        {"Signature": ""},
    ):
        query = "&".join(f"{name}={value}" for name, value in {**given, **changed}.items())
        assert follow(f"{bare}?{query}").status == 403, changed
    for name in given:
        query = "&".join(f"{each}={value}" for each, value in given.items() if each != name)
        assert follow(f"{bare}?{query}").status in ((403,) if name != "Expires" else (400, 403)), name
    unsigned = follow(bare)
    assert unsigned.status == 403
    assert b"MissingKey" in unsigned.body
    assert follow(url).status == 200


def test_a_key_of_ones_own_signs_nothing_that_is_served(
    deployment: Deployment, put: Put, signed: str
) -> None:
    file, mine = put(), rsa.generate_private_key(65537, 2048)
    theirs = parameters_of(url_of(deployment, file))["Key-Pair-Id"]
    signer = CloudFrontSigner(theirs, lambda message: mine.sign(message, padding.PKCS1v15(), SHA256()))
    forever = datetime(2037, 1, 1, tzinfo=UTC)
    url = f"{signed}/{quote(file)}"
    for policy in (
        signer.build_policy(f"{signed}/*", forever),
        signer.build_policy("*", forever),
        json.dumps(
            {"Statement": [{"Condition": {"DateLessThan": {"AWS:EpochTime": int(forever.timestamp())}}}]}
        ),
    ):
        forged = signer.generate_presigned_url(url, policy=policy)
        assert follow(f"{forged}&Hash-Algorithm=SHA256").status == 403


def test_another_door_of_the_deployment_takes_no_signed_url(deployment: Deployment, put: Put) -> None:
    _, target = split_url(url_of(deployment, put()))
    for name in ("DistributionUrl", "PrivateUrl"):
        if name in deployment.outputs:
            assert send(deployment.outputs[name], target).status in (400, 401, 403)


def test_s3_itself_serves_nothing(deployment: Deployment, put: Put) -> None:
    file = put()
    url = url_of(deployment, file)
    assert deployment.at_s3(url).status in (400, 403)
    assert deployment.at_s3(url.replace(f"/{quote(file)}", f"/private/{quote(file)}")).status in (400, 403)


def test_what_isnt_under_the_prefix_is_out_of_reach(deployment: Deployment) -> None:
    key = f"outside-{secrets.token_hex(4)}"
    deployment.s3.put_object(Bucket=deployment.bucket, Key=key, Body=b"x")
    try:
        assert ask_url(deployment, key).status in (403, 404)
        assert ask_url(deployment, f"../{key}").status == 400
    finally:
        deployment.s3.delete_object(Bucket=deployment.bucket, Key=key)


def test_a_disposition_is_what_s3_says(deployment: Deployment, put: Put) -> None:
    file = put("report.pdf")
    assert "content-disposition" not in follow(url_of(deployment, file)).headers
    saved = follow(url_of(deployment, file, disposition="attachment"))
    assert (saved.status, saved.headers["content-disposition"]) == (200, "attachment")


def test_files_are_listed_as_their_urls_have_them(deployment: Deployment, put: Put) -> None:
    names = [put(f"listed-{number}") for number in range(3)]
    prefix = names[0].rpartition("/")[0] + "/listed-"
    found, query = [], {"limit": "2", "prefix": prefix}
    while query:
        page = deployment.ask_api(
            urlencode(sorted(query.items()), quote_via=quote, safe=""), path="/files"
        ).json()
        found += [each["file"] for each in page["files"]]
        query = {**query, "next": page["next"]} if "next" in page else {}
    assert found == names


@pytest.mark.usefixtures("only_closed")
def test_nobody_gets_a_url_without_being_let_in(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONETIME_BEARER", raising=False)
    for path in ("/files", "/url"):
        assert deployment.ask_api(path=path, signed=False).status in (401, 403)


def test_nobody_but_the_file_signer_may_sign(
    deployment: Deployment, put: Put, administrator: boto3.Session
) -> None:
    kms = deployment.session.client("kms", endpoint_url=deployment.aws_endpoint)
    looked = administrator.client("kms", endpoint_url=deployment.aws_endpoint)
    for each in looked.list_keys()["Keys"]:
        key = looked.describe_key(KeyId=each["KeyId"])["KeyMetadata"]
        if key["KeyUsage"] == "SIGN_VERIFY" and "CloudFront" in key["Description"]:
            with pytest.raises(ClientError) as refused:
                kms.sign(KeyId=key["Arn"], Message=b"x", SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256")
            assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
            return
    pytest.fail("there is no signing key")


def test_with_a_disabled_key_nothing_is_signed_and_the_answer_says_so(
    deployment: Deployment, put: Put, administrator: boto3.Session
) -> None:
    if not deployment.is_local:
        pytest.skip("nobody disables the key of a deployment in use")
    file = put()
    kms = administrator.client("kms", endpoint_url=deployment.aws_endpoint)
    keys = [
        each["KeyId"]
        for each in kms.list_keys()["Keys"]
        if kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]["KeyUsage"] == "SIGN_VERIFY"
    ]
    for key in keys:
        kms.disable_key(KeyId=key)
    try:
        answer = ask_url(deployment, file)
    finally:
        for key in keys:
            kms.enable_key(KeyId=key)
    assert answer.status == 503
    assert "signing key" in answer.json()["message"]
    assert int(answer.headers["retry-after"]) > 0
    assert ask_url(deployment, file).status == 200


def test_a_session_reads_what_the_rules_say_by_cookies_alone(
    deployment: Deployment, put: Put, signed: str, token: str
) -> None:
    cookies = cookies_of(deployment, token)
    claims = json.loads(b64decode(token.split(".")[1] + "=="))
    own = f"/users/{claims['sub']}/"
    assert {path for path, names in cookies.items() if f"{SIGNED}Policy" in names} == {"/shared/", own}
    shared, mine = put(), put("mine", under=own[1:])
    theirs, finance = put("theirs", under="users/somebody-else/"), put("figures", under="finance/")
    assert read(signed, f"/{shared}", cookies["/shared/"]).status == 200
    assert read(signed, f"/{mine}", cookies[own]).status == 200
    for path in cookies:
        for file in (theirs, finance):
            assert read(signed, f"/{file}", cookies[path]).status == 403
    assert read(signed, f"/{mine}", cookies["/shared/"]).status == 403
    seeking = read(signed, f"/{shared}", cookies["/shared/"], range="bytes=2-")
    assert (seeking.status, seeking.body) == (206, b"r a while")


def test_each_policy_has_one_resource_of_this_distribution_and_an_end(
    deployment: Deployment, signed: str, token: str, administrator: boto3.Session
) -> None:
    cookies = cookies_of(deployment, token).items()
    signed_for = {path: values for path, values in cookies if f"{SIGNED}Policy" in values}
    assert signed_for
    for path, values in signed_for.items():
        document = b64decode(values[f"{SIGNED}Policy"].translate(str.maketrans("-_~", "+=/")))
        key = public_key(deployment, administrator, values[f"{SIGNED}Key-Pair-Id"])
        verify(key, document, values[f"{SIGNED}Signature"])
        [statement] = json.loads(document)["Statement"]
        assert statement["Resource"] == f"{signed}{path}*"
        assert statement["Condition"].keys() == {"DateLessThan"}
        assert values[f"{SIGNED}Hash-Algorithm"] == "SHA256"


def test_a_widened_policy_is_refused(deployment: Deployment, put: Put, signed: str, token: str) -> None:
    cookies = cookies_of(deployment, token)["/shared/"]
    document = b64decode(cookies[f"{SIGNED}Policy"].translate(str.maketrans("-_~", "+=/")))
    wider = document.replace(b"/shared/*", b"/*")
    assert wider != document
    policy = b64encode(wider).decode().translate(str.maketrans("+=/", "-_~"))
    assert read(signed, f"/{put()}", cookies | {f"{SIGNED}Policy": policy}).status == 403


def test_a_session_says_who_and_until_when_and_ends(deployment: Deployment, token: str) -> None:
    base, target = split_url(deployment.outputs["SessionUrl"])
    kept = cookies_of(deployment, token)["/"]
    [(name, value)] = kept.items()
    shown = send(base, target, cookie=f"{name}={value}")
    assert shown.status == 200
    claims = json.loads(b64decode(token.split(".")[1] + "=="))
    assert shown.json()["sub"] == claims["sub"]
    assert shown.headers["cache-control"] == "no-store"
    assert send(base, target).status == 401
    ended = send(base, target, method="DELETE", cookie=f"{name}={value}")
    assert ended.status == 204


def test_no_session_is_opened_without_a_good_token_or_by_another_sites_page(
    deployment: Deployment, token: str
) -> None:
    head, payload, signature = token.split(".")
    for wrong in ("junk", f"{head}.{payload}.{'A' * len(signature)}", f"{head}.{payload}."):
        answer = open_session(deployment, wrong)
        assert (answer.status, "set-cookie" in answer.headers) == (401, False)
    answer = open_session(deployment, token, origin="https://evil.example", sec_fetch_site="cross-site")
    assert (answer.status, "set-cookie" in answer.headers) == (403, False)


def graphql(deployment: Deployment, query: str, *, signed: bool = True) -> Answer:
    url = deployment.outputs["GraphqlEndpoint"]
    body = json.dumps({"query": query})
    sent = {"content-type": "application/json", "accept": "application/json"}
    if bearer := os.environ.get("ONETIME_BEARER"):
        sent["authorization"] = bearer
    elif signed:
        credentials = deployment.session.get_credentials()
        assert credentials is not None
        request = AWSRequest("POST", url, data=body, headers={"content-type": "application/json"})
        SigV4Auth(credentials.get_frozen_credentials(), "appsync", deployment.region).add_auth(request)
        sent |= {name.lower(): value for name, value in request.headers.items()}
    base, target = split_url(url)
    return send(base, target, method="POST", body=body, **sent)


@pytest.fixture
def with_graphql(deployment: Deployment) -> None:
    if "GraphqlEndpoint" not in deployment.outputs:
        pytest.skip("this deployment has no GraphQL: graphql=true")
    if deployment.outputs["IssuerAuth"] == "jwt" and "ONETIME_BEARER" not in os.environ:
        pytest.skip("ONETIME_BEARER has no token of a user")


@pytest.mark.usefixtures("with_graphql")
def test_graphql_answers_the_two_queries_and_their_paged_ones(deployment: Deployment, put: Put) -> None:
    file = put()
    prefix = file.rpartition("/")[0]
    page = f'files(prefix: "{prefix}", limit: 1000) {{ files {{ file size modified }} next }}'
    url = f'url(file: "{file}", expires_in: 60) {{ url expires_at }}'
    asked = f'{{ getUrl(file: "{file}") {page} {url} }}'
    answer = graphql(deployment, asked).json()
    assert "errors" not in answer, answer
    data = answer["data"]
    assert file in [each["file"] for each in data["files"]["files"]]
    assert follow(data["getUrl"]).status == 200
    assert follow(data["url"]["url"]).status == 200
    assert isinstance(graphql(deployment, "{ getFiles }").json()["data"]["getFiles"], list)


@pytest.mark.usefixtures("with_graphql")
def test_graphql_errors_have_the_codes_of_rest(deployment: Deployment) -> None:
    answer = graphql(deployment, '{ getUrl(file: "shared/none") }').json()
    assert answer["data"]["getUrl"] is None
    [error] = answer["errors"]
    assert (error["errorType"], error["message"]) == ("no_such_file", "There is no such file.")


@pytest.mark.usefixtures("with_graphql")
def test_graphql_lets_nobody_in_without_a_signature_or_a_token(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONETIME_BEARER", raising=False)
    answer = graphql(deployment, "{ getFiles }", signed=False)
    assert answer.status == 401 or "errors" in answer.json()
    assert b"shared/" not in answer.body


@pytest.mark.usefixtures("with_graphql")
def test_graphql_resolves_a_few_fields_however_many_are_asked_for(deployment: Deployment) -> None:
    many = " ".join(f"a{number}: getFiles" for number in range(1000))
    answer = graphql(deployment, f"{{ {many} }}").json()
    assert answer["errors"]
    assert sum(each is not None for each in (answer.get("data") or {}).values()) <= 10


@pytest.mark.usefixtures("with_graphql")
@pytest.mark.parametrize(
    "query",
    ["{ __schema { types { name } } }", '{ __type(name: "Query") { fields { type { ofType { name } } } } }'],
)
def test_graphql_answers_nothing_that_is_deep_or_about_its_schema(deployment: Deployment, query: str) -> None:
    answer = graphql(deployment, query).json()
    assert answer["errors"]
    assert not answer.get("data")


@pytest.mark.usefixtures("only_aws")
def test_a_percent_encoded_asterisk_in_a_policy_is_no_wildcard(deployment: Deployment, put: Put) -> None:
    """Whether CloudFront decodes the Resource before it compares is documented nowhere."""
    file, other = put("x*"), put("xy")
    base, target = split_url(url_of(deployment, file))
    _, _, query = target.partition("?")
    given = parameters_of(f"?{query}")
    condition = f'{{"DateLessThan":{{"AWS:EpochTime":{given.pop("Expires")}}}}}'
    document = f'{{"Statement":[{{"Resource":"{base}/{quote(file)}","Condition":{condition}}}]}}'
    policy = b64encode(document.encode()).decode().translate(str.maketrans("+=/", "-_~"))
    query = "&".join(f"{name}={value}" for name, value in {**given, "Policy": policy}.items())
    assert send(base, f"/{quote(file)}?{query}").status == 200
    assert send(base, f"/{quote(other)}?{query}").status == 403
