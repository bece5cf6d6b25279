"""The shell's side of a running local cloud: its variables, and commands that use them.

One set of names for `.local/env`, for what `make up` prints and for what `make demo` runs. AWS's own names
are used where there are any, so that the AWS CLI and the SDKs work from a shell that has read the file.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path

LEAVE = "leave_local_cloud"
"""The function by which a shell gets its own variables back."""

_IN_THE_WAY = ("AWS_PROFILE", "AWS_SESSION_TOKEN")
"""Variables of the caller's with which AWS's tools would take other credentials, or spoil these."""

_SIGNED = '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
_BEARER = '-H "Authorization: Bearer $TOKEN"'


def variables(outputs: Mapping[str, str]) -> dict[str, str]:
    """The shell variables for a local cloud with these outputs."""
    return {
        "AWS_ENDPOINT_URL": outputs["AwsEndpointUrl"],
        "AWS_REGION": outputs["Region"],
        "AWS_DEFAULT_REGION": outputs["Region"],
        "AWS_ACCESS_KEY_ID": outputs["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": outputs["SecretAccessKey"],
        "BUCKET": outputs["AssetsBucketName"],
        "API": outputs["ApiEndpoint"],
        "MINT": outputs["GetUrlEndpoint"],
        "LINKS": outputs["DistributionUrl"],
    } | ({"PRIVATE": outputs["PrivateUrl"]} if "PrivateUrl" in outputs else {})


def script(outputs: Mapping[str, str], folder: Path) -> str:
    """The same as a file that a POSIX shell reads with `.`, also once more. LEAVE undoes it: where AWS's own
    names mean this cloud, nobody can deploy to AWS.

    Args:
        folder: of the local cloud, by which `onetime` finds it from wherever the shell is.
    """
    ours = {**variables(outputs), "LOCAL_DIR": str(folder)}
    names = " ".join([*ours, *_IN_THE_WAY])
    return (
        f"command -v {LEAVE} > /dev/null && {LEAVE}\n"
        f"for name in {names}; do\n"
        '    eval "[ -z \\"\\${$name+set}\\" ] || before_$name=\\$$name"\n'
        "done\n"
        f"{LEAVE}() {{\n"
        f"    for name in {names}; do\n"
        "        unset $name\n"
        '        eval "[ -z \\"\\${before_$name+set}\\" ] || export $name=\\"\\$before_$name\\""\n'
        "        unset before_$name\n"
        "    done\n"
        f"    unset name\n    unset -f {LEAVE}\n"
        "}\n"
        f"unset {' '.join(_IN_THE_WAY)}\n"
        + "".join(f"export {name}={shlex.quote(value)}\n" for name, value in ours.items())
    )


def upload(file: str, key: str) -> str:
    """Put a file into the bucket.

    curl has signed requests since 7.75, but before 7.87 not the body of an upload with -T.
    """
    return (
        f"curl -sS -f -X PUT --data-binary @{file} -H 'Content-Type: application/octet-stream' \\\n"
        f'    --aws-sigv4 "aws:amz:$AWS_REGION:s3" {_SIGNED} \\\n'
        f'    "$AWS_ENDPOINT_URL/$BUCKET/{key}"'
    )


def mint(key: str, *, auth: str) -> str:
    """Ask for a link, as text. The slash is encoded because curl up to 7.88 doesn't when it signs (curl
    #9717).

    Args:
        auth: who may call the API: none, iam or jwt.
    """
    return f"curl -sS -f -H 'Accept: text/plain'{_who(auth)} \"$MINT?key={key.replace('/', '%2F')}\""


def share(key: str, *, auth: str) -> str:
    """Ask for the address of a page that hands an object over once."""
    return (
        f"curl -sS -f -H 'Content-Type: application/json' -d '{{\"key\": \"{key}\"}}'{_who(auth)} \\\n"
        '    "$API/shares" | grep -oE \'https?:[^"]+\''
    )


def token(name: str) -> str:
    """An ID token of a user of this cloud."""
    return f".venv/bin/python -m local_cloud token {name} | grep -oE 'ey[^\"]+' | head -n 1"


def read(key: str) -> str:
    """Read a private asset."""
    return f'curl -sS -f {_BEARER} "$PRIVATE/{key}"'


def _who(auth: str) -> str:
    options = {
        "iam": f'--aws-sigv4 "aws:amz:$AWS_REGION:execute-api" {_SIGNED}',
        "jwt": _BEARER,
    }
    return f" \\\n    {options[auth]} \\\n   " if auth in options else ""
