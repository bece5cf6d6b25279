"""What the launcher's children see of the machine: almost nothing.

The environment is written, not inherited: no AWS profile, credential, proxy, region or CDK setting of the
caller can change what is deployed or reach MiniStack, and no tool can write into the caller's home. Only
the search path and the locale pass.

Caches stay inside the virtual environment, which `make clean` removes: compiled Python (0.7 s instead of
3.5 s to import the CDK, measured) and the CDK's unpacked JavaScript (6 s instead of 11 s to synthesise).
"""

import contextlib
import json
import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from local_cloud import origin_access

ROOT = Path(__file__).resolve().parent.parent
BYTECODE = Path(sys.prefix) / ".cache" / "bytecode"
_NODE_MODULES = ROOT / "local_cloud" / "node"
JSII = Path(sys.prefix) / ".cache" / "jsii"

# MiniStack's root account: bypasses every policy. Used to bootstrap, deploy and make users, never for a
# check.
ROOT_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


CONSOLE_VARIABLE = "CONSOLE_ORIGIN"


def break_locks(groups: Collection[int]) -> None:
    """Delete the locks in the CDK's cache of processes that are dead or in these, killed, process groups.

    An interrupted first synthesis leaves one. The next would break it by itself, but nobody has to start one.
    The group tells a killed process that nobody has waited for yet, and that still has its number.
    """
    for lock in (*JSII.glob("*/*/*.lock"), *JSII.glob("@*/*/*/*.lock")):
        with contextlib.suppress(OSError, ValueError, KeyError):
            holder = int(json.loads(lock.read_text())["pid"])
            try:
                left = os.getpgid(holder) in groups
            except ProcessLookupError:
                left = True
            if left:
                lock.unlink()


def base(work: Path) -> dict[str, str]:
    """What every child gets. `work` is the instance's own folder; homes and temporary files are in there."""
    search = [
        str(Path(sys.prefix) / "bin"),
        str(ROOT / "node_modules" / ".bin"),
        os.environ.get("PATH", os.defpath),
    ]
    return {
        "PATH": os.pathsep.join(search),
        "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
        "HOME": str(work / "home"),
        "TMPDIR": str(work / "tmp"),
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "PYTHONUNBUFFERED": "1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def cdk(work: Path) -> dict[str, str]:
    """For a CDK command that calls no AWS API: no telemetry, no look for updates, no colours.

    Nor the CDK's own validation of templates: it takes 1.3 s of a synthesis of 3.4 s, measured. `cdk synth`
    and `cdk deploy` do it for AWS, and tests/stack does for each combination of settings.
    """
    return base(work) | {
        "CDK_HOME": str(work / "home"),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "1",
        "CDK_VALIDATION": "false",
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(JSII),
        "NO_COLOR": "1",
        "CI": "true",
    }


def cdk_with_account(work: Path, endpoint: str, region: str) -> dict[str, str]:
    """For a CDK command that calls MiniStack at `endpoint`."""
    return cdk(work) | client(endpoint, region, ROOT_CREDENTIALS)


def client(endpoint: str, region: str, credentials: Mapping[str, str]) -> dict[str, str]:
    """The variables by which any AWS client finds MiniStack and who it is."""
    return {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": region, "AWS_DEFAULT_REGION": region, **credentials}


def ministack(work: Path, port: int, origin_access_secret: str = "", console: str = "") -> dict[str, str]:
    """For MiniStack, and through it for the functions, which inherit it, but for the secret (see
    `origin_access`; without one no distribution gets in) and the origin of the console's pages (see
    `ministack.browser_shield`).

    Policies and signatures are enforced; nothing listens but the one port (MQTT and SFTP would bind every
    interface); and a Docker daemon on this machine isn't touched: MiniStack removes containers that it
    takes for its own as it starts.
    """
    return base(work) | {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{work / 'no-docker'}",
        "LAMBDA_EXECUTOR": "local",
        "NODE_PATH": str(_NODE_MODULES),
        "S3_DATA_DIR": str(work / "s3"),
        "STATE_DIR": str(work / "state"),
        origin_access.SECRET_VARIABLE: origin_access_secret,
        CONSOLE_VARIABLE: console,
    }
