"""The commands of `onetime`. Results go to standard output, progress and errors to standard error."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, urlsplit

import segno
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Column, Table

from onetime_urls.cli import api, deployment, downloads, uploads
from onetime_urls.cli.failures import Exit, Failure

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Hand a file over once: share it, link it, see what became of it, take it back.",
    epilog="Exit status: 0 done, 1 failed, 2 wrong options, 3 no deployment, 4 refused, 5 can't be reached, "
    "6 damaged, 130 interrupted.",
)
# What is printed came from elsewhere: tags and names of emoji in it mean nothing.
out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(highlight=False, markup=False, emoji=False, stderr=True)
if not out.is_terminal:
    out.width = 400  # a file or a pipe has no edge to wrap at

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LINK_ID, _SHARE_ID = re.compile(r"[0-9a-f]{64}"), re.compile(r"[A-Za-z0-9_-]{22}")


def seconds(text: str) -> int:
    """A span of time such as 90s, 15m, 12h or 7d."""
    found = re.fullmatch(r"([1-9]\d{0,6})([smhd])", text)
    if found is None:
        raise typer.BadParameter("write it as 90s, 15m, 12h or 7d")
    return int(found[1]) * _UNITS[found[2]]


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[
    str,
    typer.Argument(metavar="ID", help="64 hex digits (a link), 22 characters (a share), or the whole URL."),
]


def _span(help_: str) -> Any:
    """An option that takes a span of time."""
    return typer.Option(parser=seconds, metavar="TIME", help=help_)


def _from_environment(name: str, help_: str) -> Any:
    return typer.Option(envvar=f"ONETIME_{name}", help=help_)


@app.callback(invoke_without_command=True)
def common(
    context: typer.Context,
    stack: Annotated[
        str | None, _from_environment("STACK", "The stack on AWS; else `make up`'s in this folder.")
    ] = None,
    profile: Annotated[str | None, _from_environment("PROFILE", "AWS profile for --stack.")] = None,
    region: Annotated[str | None, _from_environment("REGION", "AWS region of --stack.")] = None,
    token: Annotated[str | None, _from_environment("TOKEN", "Bearer token, if the API wants one.")] = None,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if show_version:
        out.print(version("onetime-urls"))
        raise typer.Exit
    context.obj = lambda: deployment.find(stack, profile, region, token)


@app.command()
def share(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    expires: Annotated[Any, _span("How long it can be had.")] = "7d",
    downloads_left: Annotated[int, typer.Option("--downloads", min=1, help="How often.")] = 1,
    pin: Annotated[str | None, typer.Option(help="A PIN that the page asks for; - asks you here.")] = None,
    note: Annotated[str | None, typer.Option(help="A word to the recipient.")] = None,
    qr: Annotated[bool, typer.Option(help="Show the address as a QR code, too.")] = False,
    as_json: Json = False,
) -> None:
    """Upload FILE and print the address of a page that hands it over."""
    found = context.obj()
    wanted: dict[str, Any] = {"expires_in": expires, "max_downloads": downloads_left, "filename": file.name}
    if pin is not None:
        wanted["pin"] = typer.prompt("PIN", hide_input=True, confirmation_prompt=True) if pin == "-" else pin
    if note is not None:
        wanted["note"] = note
    api.rehearse_share(found, wanted)
    with bar("Uploading", file.stat().st_size) as move:
        wanted["key"] = uploads.upload(found, file, lambda more: move(more, None)).key
    try:
        made = api.call(found, "POST", "/shares", body=wanted)
    except Failure as failure:
        there = f"The file is there already: its key is {wanted['key']}."
        raise Failure(f"{failure.sentence} {there}", failure.exit) from None
    show_json(made) if as_json else out.print(plain(made["url"]))
    if qr:
        segno.make(made["url"]).terminal(out=sys.stderr if as_json else sys.stdout, compact=True)


@app.command()
def link(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="An object's key in the bucket.")],
    expires: Annotated[Any, _span("How long it works.")] = None,
    max_claims: Annotated[int | None, typer.Option(min=1, help="How often it can be downloaded.")] = None,
    resume: Annotated[Any, _span("How long a download may be resumed.")] = None,
    cidr: Annotated[str | None, typer.Option(help="The only network that it works from.")] = None,
    as_json: Json = False,
) -> None:
    """Print a bare one-time URL for KEY. Whatever fetches it first uses it up."""
    wanted = {"key": key, "expires_in": expires, "max_claims": max_claims, "resume": resume, "cidr": cidr}
    query = {name: str(value) for name, value in wanted.items() if value is not None}
    made = api.call(context.obj(), "GET", "/get-url", query=query)
    show_json(made) if as_json else out.print(plain(made["url"]))


# A share's id may begin with a hyphen, and is no option then.
_TAKES_AN_ID = {"ignore_unknown_options": True}


@app.command(context_settings=_TAKES_AN_ID)
def status(context: typer.Context, id_: Id, as_json: Json = False) -> None:
    """Tell what became of a link or a share."""
    show(api.call(context.obj(), "GET", path_of(id_)), as_json=as_json)


@app.command(context_settings=_TAKES_AN_ID)
def revoke(context: typer.Context, id_: Id, as_json: Json = False) -> None:
    """Take a link or a share back. What was downloaded stays downloaded."""
    show(api.call(context.obj(), "DELETE", path_of(id_)), as_json=as_json)


@app.command("list")
def list_(
    context: typer.Context,
    key: Annotated[str | None, typer.Option(help="List the links of this object instead.")] = None,
    as_json: Json = False,
) -> None:
    """List shares, newest first, or the links of one object."""
    found, kind = context.obj(), "links" if key else "shares"
    listed: list[dict[str, Any]] = []
    query = {"key": key} if key else {}
    while True:
        page = api.call(found, "GET", f"/{kind}", query=query)
        listed += page[kind]
        if "next" not in page:
            break
        query = query | {"next": page["next"]}
    if as_json:
        show_json(listed)
        return
    whole = Column("ID", no_wrap=True, min_width=64 if key else 22)  # an id that is cut names nothing
    table = Table(whole, "state", "expires", "used", "key" if key else "file", box=None)
    for each in listed:
        used, most = (len(each["claims"]), "max_claims") if key else (each["downloads"], "max_downloads")
        name = plain(each["key" if key else "filename"])
        table.add_row(each["id"], each["state"], local_time(each["expires_at"]), f"{used}/{each[most]}", name)
    out.print(table)


@app.command()
def get(
    url: Annotated[str, typer.Argument(help="A share's address or a one-time URL.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder or file to save it as.")] = Path(),
    pin: Annotated[str | None, typer.Option(help="The share's PIN; asked for if it is needed.")] = None,
    force: Annotated[bool, typer.Option(help="Replace a file that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Download what is behind URL, with its checksum verified."""
    asked: list[bool] = []

    def ask_pin() -> str:
        if asked and pin is not None:
            raise Failure("That PIN is wrong.", Exit.REFUSED)
        if pin is None and not sys.stdin.isatty():
            raise Failure("This needs a PIN: --pin.", Exit.REFUSED)
        if asked:
            err.print("That PIN is wrong.")
        asked.append(True)
        return pin or str(typer.prompt("PIN", hide_input=True, err=True))

    folder, name = (output, None) if output.is_dir() else (output.parent, output.name)
    with bar("Downloading", None) as move:
        done = downloads.download(
            url, folder, name=name, force=force, ask_pin=ask_pin, progress=lambda at, of: move(at, of)
        )
    if as_json:
        show_json(asdict(done) | {"path": str(done.path)})
        return
    checked = "checksum verified" if done.checked else "no checksum to verify it with"
    out.print(f"{plain(str(done.path))} ({done.size} bytes, {checked})")


def path_of(named: str) -> str:
    """The API's path for an id, or for a whole link or address of a share. Raises Failure if it is none."""
    try:
        parts = urlsplit(named)
    except ValueError:
        raise Failure("That is no link.", Exit.REFUSED) from None
    id_ = named if not parts.scheme else parse_qs(parts.query).get("X-Amz-Signature", [""])[0]
    if _LINK_ID.fullmatch(id_):
        return f"/links/{id_}"
    id_ = named if not parts.scheme else parts.path.removeprefix("/-/")
    if _SHARE_ID.fullmatch(id_):
        return f"/shares/{quote(id_)}"
    raise Failure("An ID is 64 hex digits (a link), 22 characters (a share), or the whole URL.", Exit.REFUSED)


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """A link or a share, as a list of what is known."""
    if as_json:
        show_json(found)
        return
    table = Table(box=None, show_header=False)
    for name, value in found.items():
        if name.endswith("_at"):
            table.add_row(name, local_time(value))
        elif name in ("claims", "history", "given_back"):
            for each in value:
                told = [plain(str(each[about])) for about in ("address", "agent", "outcome") if about in each]
                table.add_row(name, ", ".join([local_time(each["when"]), *told]))
        else:
            table.add_row(name, plain(str(value)))
    out.print(table)


def show_json(found: Any) -> None:
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


def local_time(when: int) -> str:
    """Epoch seconds in this machine's time zone."""
    return time.strftime("%Y-%m-%d %H:%M:%S %Z", time.localtime(when))


def plain(text: str) -> str:
    """Text that came from elsewhere, without what would move the cursor."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "\ufffd", text)


@contextmanager
def bar(title: str, total: int | None) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on standard error, where that is a terminal. Call the result with bytes: how many
    more, or how many of a total."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    progress = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
    task = progress.add_task(title, total=total)

    def move(size: int, of: int | None) -> None:
        progress.start()  # not before there is something to show: a question may come first
        if of is None:
            progress.advance(task, size)
        else:
            progress.update(task, completed=size, total=of)

    try:
        yield move
    finally:
        progress.stop()


def main() -> None:
    """Run a command; whatever goes wrong is one sentence and an exit status."""
    try:
        app()
    except Failure as failure:
        err.print(plain(failure.sentence))
        sys.exit(failure.exit)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        err.print(f"{plain(str(named))}{error.strerror or error}.")
        sys.exit(Exit.FAILED)
    except KeyboardInterrupt:
        err.print("Interrupted.")
        sys.exit(Exit.INTERRUPTED)
