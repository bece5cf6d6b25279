"""`python -m local_cloud token NAME`: fresh tokens of a user of the local cloud that is up, as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path

from local_cloud.clients import connect
from local_cloud.folder import InstanceFolder
from local_cloud.users import NoSuchUser, People, sign_in


def run(environ: Mapping[str, str], name: str) -> int:
    """Print them.

    Raises:
        ValueError: there is nobody of that name, or no cloud is up.
    """
    folder = InstanceFolder(Path(environ.get("LOCAL_DIR") or ".local"))
    try:
        outputs = json.loads(folder.outputs.read_text())
        account = People(folder.work).account(name)
    except FileNotFoundError:
        raise ValueError(f"no local cloud is up in {folder.path}: run make up, or set LOCAL_DIR") from None
    except NoSuchUser as error:
        raise ValueError(str(error)) from None
    clients = connect(outputs["AwsEndpointUrl"], outputs["Region"])
    print(json.dumps(sign_in(clients.cognito, account, name), indent=2))
    return 0
