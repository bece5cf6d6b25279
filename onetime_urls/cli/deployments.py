"""Finds the deployment that a command works on.

It is named by `--deployment`, which is an entry of the user's own `deployments.toml` or "local", or by
`--stack`, a stack on AWS. What is given on the command line goes before what stands in the environment.
Where nothing is named, it is the local cloud that runs in this folder or above, whose `.local/outputs.json`
has everything, a key included (`LOCAL_DIR` names another folder than `.local`, as for `make up`); and then
the entry "default".

A file in a folder proves nothing: it may have come with somebody's archive. So a local cloud is on this
machine, and gets no bearer token but one that is given on the command line.
"""

import os
import stat
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from onetime_urls.cli.failures import Exit, Failure

if TYPE_CHECKING:
    import boto3

    from onetime_urls.client import Client

LOCAL, DEFAULT = "local", "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How a deployment is named: the options of the command, or an entry of the configuration.

    Attributes:
        deployment: an entry's name, or "local".
        stack: a stack on AWS, read with `profile` and in `region`.
        endpoint: the API's address, for who may not read the stack.
        bucket: where uploads go, with `endpoint`.
        token: a bearer token for the API.
        token_was_typed: whether it was given on the command line.
    """

    deployment: str | None = None
    stack: str | None = None
    profile: str | None = None
    region: str | None = None
    endpoint: str | None = None
    bucket: str | None = None
    token: str | None = None
    token_was_typed: bool = False


def find(named: Named) -> "Client":
    """A client for the deployment that is named, or for the one that is here.

    Raises:
        Failure: there is none, or the options don't go together.
        onetime_urls.client.Error: it can't be read.
    """
    if named.deployment is not None and named.stack is not None:
        raise Failure("--deployment and --stack each name a deployment: give one of them.", Exit.WRONG_USE)
    if named.stack is not None:
        return _of_stack(named)
    if named.profile is not None or named.region is not None:
        raise Failure(
            "--profile and --region (or ONETIME_PROFILE and ONETIME_REGION) say where --stack is: name the "
            "stack, too.",
            Exit.WRONG_USE,
        )
    if named.deployment not in (None, LOCAL):
        return _configured(str(named.deployment), named.token)
    if local := _local(named):
        return local
    if named.deployment is None and DEFAULT in _entries():
        return _configured(DEFAULT, named.token)
    raise Failure(
        "There is no deployment to work on: name a stack with --stack, an entry of "
        f"{_short(config_file())} with --deployment, or run `make up` in this folder.",
        Exit.NO_DEPLOYMENT,
    )


def config_file() -> Path:
    """Where named deployments stand (XDG Base Directory Specification)."""
    given = os.environ.get("XDG_CONFIG_HOME", "")
    try:
        base = Path(given) if given.startswith("/") else Path.home() / ".config"
    except RuntimeError:  # nobody knows this user's home
        base = Path("/nonexistent")
    return base / "onetime" / "deployments.toml"


def _entries() -> dict[str, Named]:
    path = config_file()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    except (OSError, ValueError) as error:
        raise Failure(f"{path} can't be read: {error}.", Exit.NO_DEPLOYMENT) from None
    return {name: _entry(name, entry) for name, entry in found.items()}


def _entry(name: str, entry: object) -> Named:
    known = {each.name for each in fields(Named)} - {"deployment", "token", "token_was_typed"}
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise Failure(f"[{name}] of {config_file()} must be a table of texts.", Exit.NO_DEPLOYMENT)
    if unknown := sorted(set(entry) - known):
        raise Failure(
            f"[{name}] of {config_file()} has {unknown[0]}; known are {', '.join(sorted(known))}.",
            Exit.NO_DEPLOYMENT,
        )
    if ("stack" in entry) == ("endpoint" in entry):
        raise Failure(f"[{name}] of {config_file()} must have a stack, or an endpoint.", Exit.NO_DEPLOYMENT)
    return Named(**entry)


def _configured(name: str, token: str | None) -> "Client":
    from onetime_urls.client import Client

    entries = _entries()
    if name not in entries:
        there = ", ".join(sorted([*entries, LOCAL]))
        raise Failure(
            f"There is no deployment {name} in {config_file()}; there is {there}.", Exit.NO_DEPLOYMENT
        )
    entry = entries[name]
    if entry.stack is not None:
        return _of_stack(Named(stack=entry.stack, profile=entry.profile, region=entry.region, token=token))
    session = _session(entry)
    return Client(str(entry.endpoint), region=entry.region, session=session, token=token, bucket=entry.bucket)


def _of_stack(named: Named) -> "Client":
    from onetime_urls.client import Client

    elsewhere = os.environ.get("AWS_ENDPOINT_URL", "")
    if elsewhere.startswith("http://"):
        raise Failure(
            f"This shell sends what is meant for AWS to {elsewhere}, as `. .local/env` has it. Use another "
            "shell, or: unset AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION "
            "AWS_DEFAULT_REGION",
            Exit.NO_DEPLOYMENT,
        )
    return Client.from_stack(
        str(named.stack), session=_session(named), region=named.region, token=named.token
    )


def _session(named: Named) -> "boto3.Session":
    import boto3
    from botocore.exceptions import BotoCoreError

    try:
        return boto3.Session(profile_name=named.profile, region_name=named.region)
    except BotoCoreError as error:
        raise Failure(f"{str(error).rstrip('.')}.", Exit.NO_DEPLOYMENT) from None


def _local(named: Named) -> "Client | None":
    here, local = Path.cwd(), os.environ.get("LOCAL_DIR") or ".local"
    for folder in (here, *here.parents):
        path = folder / local / "outputs.json"
        if path.is_file() and _is_ours(path):
            from onetime_urls.client import Client
            from onetime_urls.client.addresses import is_loopback, read_address

            client = Client.from_outputs(path, token=named.token if named.token_was_typed else None)
            if client.is_local and is_loopback(read_address(client.endpoint)):
                return client
            raise Failure(
                f"{path} names a deployment that isn't on this machine: name it yourself, with --stack or "
                "--deployment.",
                Exit.NO_DEPLOYMENT,
            )
    return None


def _is_ours(path: Path) -> bool:
    """Whether nobody else can have put this file there: a folder above may be open to all."""
    return all(
        each.stat().st_uid == os.getuid() and not each.stat().st_mode & stat.S_IWOTH
        for each in (path, path.parent)
    )


def _short(path: Path) -> str:
    """A path as people write it."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
