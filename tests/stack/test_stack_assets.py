"""The functions' code as it is uploaded: complete, small, and the same every time.

The local cloud runs functions with everything that is installed here, so a module that is missing from
an asset wouldn't show there. Here each asset is imported by an interpreter that has nothing else.
"""

import io
import json
import os
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import cast

import boto3
import pytest

from onetime_urls.assets import EDGE_FUNCTIONS, FUNCTIONS, VENDORED, Incomplete
from onetime_urls.assets.asset import Asset, make_asset
from onetime_urls.assets.sources import AMAZON_ROOTS, INSTALLED_IN, amazon_roots, find_sources
from onetime_urls.cdk.code import deployed_sources
from tests.stack.synthesis import Synthesised

LAMBDA_PROVIDES = ("boto3", "botocore", "s3transfer", "dateutil", "six.py", "urllib3", "jmespath")
"""The SDK and what it requires, in Lambda's Python runtime (Lambda Developer Guide, "Building Lambda
functions with Python: Runtime-included SDK versions")."""

SAY_WHERE = """
import importlib, json, sys
for folder in reversed(sys.argv[2:]):
    sys.path.insert(0, folder)
handler, *later = sys.argv[1].split(",")
assert callable(importlib.import_module(handler).handler)
for module in later:
    importlib.import_module(module)
print(json.dumps({name: getattr(module, "__file__", None) for name, module in sys.modules.items()}))
"""


@pytest.fixture(scope="module")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the interpreters of these tests keep what they compile: not in an asset."""
    return tmp_path_factory.mktemp("bytecode")


def imported(bytecode: Path, module: str, *folders: Path) -> dict[str, Path]:
    """Modules, and their files, that a bare interpreter loads to import `module` from `folders`.

    Args:
        module: that of the handler, and after a comma what the handler imports when it is called.
    """
    bare = [sys.executable, "-I", "-S", "-X", f"pycache_prefix={bytecode}"]
    done = subprocess.run(
        [*bare, "-c", SAY_WHERE, module, *map(str, folders)],
        env={"AWS_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "issuer"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name: Path(file) for name, file in json.loads(done.stdout.splitlines()[-1]).items() if file}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def guard(default: Synthesised) -> Path:
    return default.asset(default.function("edge_guard.handler.handler"))


@pytest.fixture
def issuer(default: Synthesised) -> Path:
    return default.asset(default.function("url_issuer.handler.handler"))


@pytest.fixture(scope="module")
def lambda_runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages that Lambda itself provides, and no others."""
    installed, folder = Path(boto3.__file__).parents[1], tmp_path_factory.mktemp("lambda")
    for name in LAMBDA_PROVIDES:
        (folder / name).symlink_to(installed / name)
    return folder


def test_the_guard_imports_with_nothing_but_its_asset_and_the_standard_library(
    guard: Path, bytecode: Path
) -> None:
    loaded = imported(bytecode, "edge_guard.handler", guard)
    ours = {name for name, file in loaded.items() if file.is_relative_to(guard)}
    assert {"edge_guard.handler", "onetime_urls.protocol.links.canonical"} <= ours
    outside = {name: file for name, file in loaded.items() if name not in ours}
    assert not [file for file in outside.values() if "site-packages" in file.parts]


@pytest.mark.parametrize("package", sorted({*FUNCTIONS} - {*EDGE_FUNCTIONS}))
def test_every_other_function_imports_with_its_asset_and_what_lambda_provides(
    lambda_runtime: Path, bytecode: Path, tmp_path: Path, package: str
) -> None:
    asset = tmp_path / "asset.zip"  # Python imports from an archive too
    asset.write_bytes(make_asset(package, deployed_sources()).archive)
    loaded = imported(bytecode, f"{package}.handler", asset, lambda_runtime)
    for name in (f"{package}.handler", "onetime_urls.protocol", "aws_lambda_powertools"):
        assert loaded[name].is_relative_to(asset), name
    assert loaded["boto3"].is_relative_to(lambda_runtime)
    elsewhere = [
        file for file in loaded.values() if not file.is_relative_to(asset) and "site-packages" in file.parts
    ]
    assert elsewhere == []


def test_the_guards_asset_is_its_imports_its_configuration_and_amazons_roots(guard: Path) -> None:
    found = files(guard)
    sources = {name for name in found if name.endswith(".py")}
    assert {name.split("/")[0] for name in found} == {"common", "edge_guard", "onetime_urls"}
    assert not [name for name in sources if name.startswith(("common/http_api", "common/link_minting"))]
    assert found.keys() - sources == {"edge_guard/config.json", "edge_guard/amazon-roots.pem"}


def test_the_guard_is_told_its_deployments_parameter_and_the_parameters_region(
    default: Synthesised, abroad: Synthesised
) -> None:
    for made, region in ((default, "us-east-1"), (abroad, "eu-west-1")):
        guard = made.asset(made.function("edge_guard.handler.handler"))
        assert json.loads((guard / "edge_guard" / "config.json").read_text()) == {
            "parameter": f"/onetime-urls/{region}/OneTimeUrls/links-table",
            "region": "us-east-1",
        }


def test_the_guard_trusts_amazons_five_roots_and_no_other(guard: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(guard / "edge_guard" / "amazon-roots.pem")
    names = {
        dict(pair for [pair] in cast("tuple[tuple[tuple[str, str]]]", root["subject"]))["commonName"]
        for root in context.get_ca_certs()
    }
    assert names == set(AMAZON_ROOTS)


def test_a_bundle_without_one_of_the_roots_stops_the_build() -> None:
    with pytest.raises(Incomplete, match="Amazon Root CA 1, Amazon Root CA 2"):
        amazon_roots('# Label: "Somebody else\'s"\n')


def test_the_guards_zip_is_at_most_52_kb_and_what_its_start_loads_of_it_32(
    default: Synthesised, guard: Path, bytecode: Path, tmp_path: Path
) -> None:
    key = default.function("edge_guard.handler.handler")["Code"]["S3Key"]
    assert (default.folder / f"asset.{key}").stat().st_size <= 52 * 1024
    started = imported(bytecode, "edge_guard.handler", guard).values()
    loaded = [file for file in started if file.is_relative_to(guard)]
    read = [guard / "edge_guard" / name for name in ("config.json", "amazon-roots.pem")]
    with zipfile.ZipFile(tmp_path / "start.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (*loaded, *read):
            archive.write(file, file.relative_to(guard))
    assert (tmp_path / "start.zip").stat().st_size <= 32 * 1024


@pytest.mark.parametrize("package", ["edge_guard", "token_guard"])
def test_a_guards_start_loads_nothing_of_pages_nor_dataclasses_and_the_first_page_finds_all_of_it(
    tmp_path: Path, bytecode: Path, package: str
) -> None:
    asset = make_asset(package, find_sources(), config={"parameter": "/p", "region": "us-east-1"})
    with zipfile.ZipFile(io.BytesIO(asset.archive)) as archive:
        archive.extractall(tmp_path)
    started = imported(bytecode, f"{package}.handler", tmp_path)
    assert not [name for name in started if ".pages" in name or "brand" in name or name == "html"]
    assert not {"dataclasses", "inspect"} & started.keys()
    texts = "onetime_urls.protocol.pages.texts"
    page = f"{package}.handler,{package}.page,{texts}.en,{texts}.de,common.brand"
    shown = imported(bytecode, page, tmp_path)
    assert shown["onetime_urls.protocol.pages.document"].is_relative_to(tmp_path)


def test_assets_hold_no_bytecode_tests_or_records_of_the_installation(guard: Path, issuer: Path) -> None:
    for folder in (guard, issuer):
        for name in files(folder):
            assert not name.endswith((".pyc", "RECORD", "INSTALLER", "direct_url.json")), name
            assert "__pycache__" not in name
            assert not name.startswith("tests/")


def test_no_asset_names_a_path_of_this_machine(guard: Path, issuer: Path) -> None:
    here = [os.fsencode(path) for path in (INSTALLED_IN, Path(sys.prefix), Path.home())]
    for folder in (guard, issuer):
        for name, content in files(folder).items():
            assert not [path for path in here if len(path) > 1 and path in content], name


def made(function: str) -> Asset:
    """An asset that is made of all sources anew."""
    return make_asset(function, find_sources(), config={"parameter": "/p"})


@pytest.mark.parametrize("function", ["url_issuer", "edge_guard"])
def test_an_asset_is_the_same_however_often_it_is_built(function: str) -> None:
    assert made(function) == made(function)


def test_an_asset_with_another_file_in_it_has_another_name() -> None:
    other = make_asset("edge_guard", find_sources(), config={"parameter": "/q"})
    assert other.fingerprint != made("edge_guard").fingerprint


@pytest.mark.parametrize("function", ["url_issuer", "edge_guard"])
def test_lambda_can_read_the_files_whatever_the_umask_of_who_deploys(function: str) -> None:
    before = os.umask(0o077)
    try:
        asset = made(function)
    finally:
        os.umask(before)
    with zipfile.ZipFile(io.BytesIO(asset.archive)) as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}


def test_the_vendored_packages_carry_their_licences(issuer: Path) -> None:
    licensed = {name.split("-")[0] for name in files(issuer) if "/LICENSE" in name or "/licenses/" in name}
    assert licensed == {name.replace("-", "_") for name in VENDORED}


def test_an_asset_has_the_same_name_in_every_synthesis(default: Synthesised, disposable: Synthesised) -> None:
    for handler in ("edge_guard.handler.handler", "url_issuer.handler.handler"):
        keys = {made.function(handler)["Code"]["S3Key"] for made in (default, disposable)}
        assert len(keys) == 1
