"""`python -m local_cloud token NAME`: fresh tokens of a user of the local cloud that is up, as JSON. And
`python -m local_cloud password NAME`: what the user types into a sign-in page."""

import json
from collections.abc import Mapping
from pathlib import Path

from local_cloud.clients import connect
from local_cloud.folder import InstanceFolder
from local_cloud.users import Account, NoSuchUser, People, sign_in


def show_tokens(environ: Mapping[str, str], name: str) -> int:
    """Print a user's tokens.

    Raises:
        ValueError: there is nobody of that name, or no cloud is up.
    """
    outputs, account = _find(environ, name)
    clients = connect(outputs["AwsEndpointUrl"], outputs["Region"])
    print(json.dumps(sign_in(clients.cognito, account, name), indent=2))
    return 0


def show_password(environ: Mapping[str, str], name: str) -> int:
    """Print a user's password.

    Raises:
        ValueError: there is nobody of that name, or no cloud is up.
    """
    _, account = _find(environ, name)
    print(account.password)
    return 0


def _find(environ: Mapping[str, str], name: str) -> tuple[dict[str, str], Account]:
    folder = InstanceFolder(Path(environ.get("LOCAL_DIR") or ".local"))
    try:
        return json.loads(folder.outputs.read_text()), People(folder.work).account(name)
    except FileNotFoundError:
        raise ValueError(f"no local cloud is up in {folder.path}: run make up, or set LOCAL_DIR") from None
    except NoSuchUser as error:
        raise ValueError(str(error)) from None
