"""The main path in Firefox: signing in, handing out once, seeing that somebody has it."""

import json
import secrets
from collections.abc import Iterator

import pytest

from local_cloud.cloud import LocalCloud
from local_cloud.users import People
from tests.web import Deployment, follow
from tests.window import Firefox, firefox_window, told, until

SHOWN = "[...document.querySelectorAll(%s)].filter(each => each.checkVisibility())"


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    with firefox_window(None) as window:
        yield window


def press(firefox: Firefox, name: str) -> None:
    """Press the button whose name begins like this, once it is there."""
    buttons = SHOWN % "'button'"
    find = f"{buttons}.find(each => each.textContent.trim().startsWith({json.dumps(name)}))"
    assert until(lambda: told(firefox, f"const found = {find}; found?.click(); return Boolean(found)")), (
        f"{name}: {told(firefox, 'return document.body.innerText')}"
    )


def says(firefox: Firefox, text: str) -> bool:
    """Whether a text comes to be on the page."""
    return until(lambda: text in (told(firefox, "return document.body.innerText") or ""))


def test_somebody_signs_in_hands_out_once_and_sees_it_used_in_firefox(
    firefox: Firefox, user_cloud: LocalCloud
) -> None:
    deployed = Deployment.from_outputs(user_cloud.outputs)
    name = f"{secrets.token_hex(4)}.txt"
    deployed.s3.put_object(Bucket=deployed.bucket, Key=f"private/{name}", Body=b"figures")
    password = People(user_cloud.folder.work).account("member").password
    firefox.open(f"{user_cloud.outputs['ConsoleUrl']}/#/files/private/")
    press(firefox, "Sign in")
    assert until(lambda: told(firefox, "return Boolean(document.querySelector('#password'))"))
    firefox.run(
        f"document.querySelector('#username').value = 'member';"
        f"document.querySelector('#password').value = {json.dumps(password)};"
    )
    press(firefox, "Sign in")
    assert says(firefox, name)
    rows = SHOWN % "'tr'"
    row = f"{rows}.find(each => each.textContent.includes({json.dumps(name)}))"
    firefox.run(f"{row}.querySelector('button:last-child').click()")
    press(firefox, "Make the link")
    assert until(lambda: told(firefox, "return document.querySelector('#over-url')?.value"))
    url = firefox.run("return document.querySelector('#over-url').value")
    press(firefox, "Done")
    assert follow(url).body == b"figures"
    firefox.run(f"location.hash = '#/handed-out?key=private/{name}'")
    assert says(firefox, "Used")
    press(firefox, "Details")
    assert says(firefox, "127.0.0.1")
