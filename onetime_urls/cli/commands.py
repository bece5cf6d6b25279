"""The commands of `onetime`. Results go to standard output, progress and errors to standard error."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onetime_urls.cli import options, state, words
from onetime_urls.cli.failures import Ended, Exit, Failure
from onetime_urls.cli.options import Id, Json, KeyOfShortId, from_environment, span
from onetime_urls.cli.progress import bar
from onetime_urls.cli.terminal import err, out, out_json, tell_version

if TYPE_CHECKING:
    from onetime_urls.client import Client, Upload

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Hand a file over once: share it, link it, see what became of it, take it back.",
    epilog="Exit status: 0 done, 1 failed, 2 wrong options, 3 no deployment, 4 refused, 5 can't be reached, "
    "6 damaged, 130 interrupted.",
)


@app.callback(invoke_without_command=True)
def common(
    context: typer.Context,
    deployment: Annotated[
        str | None,
        from_environment("DEPLOYMENT", "An entry of deployments.toml, or `local`: `make up`'s."),
    ] = None,
    stack: Annotated[str | None, from_environment("STACK", "The stack on AWS.")] = None,
    profile: Annotated[str | None, from_environment("PROFILE", "AWS profile for --stack.")] = None,
    region: Annotated[str | None, from_environment("REGION", "AWS region of --stack.")] = None,
    token: Annotated[str | None, from_environment("TOKEN", "Bearer token, if the API wants one.")] = None,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if show_version:
        tell_version()
        raise typer.Exit

    def find() -> "Client":
        from onetime_urls.cli.deployments import Named, find

        typed = {
            name for name in context.params if str(context.get_parameter_source(name)).endswith("COMMANDLINE")
        }
        # What names a deployment on the command line goes before what does in the environment.
        over = {"deployment", "stack"} & typed
        return find(
            Named(
                deployment=None if over and "deployment" not in over else deployment or None,
                stack=None if over and "stack" not in over else stack or None,
                profile=profile,
                region=region,
                token=token,
                token_was_typed="token" in typed,
            )
        )

    context.obj = find


@app.command()
def share(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file.")],
    expires: Annotated[Any, span("How long it can be had.")] = "7d",
    downloads_left: Annotated[int, typer.Option("--downloads", min=1, help="How often.")] = 1,
    pin: Annotated[
        str | None, typer.Option(help="A PIN that the page asks for; - asks you, or reads standard input.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="A word to the recipient.")] = None,
    qr: Annotated[bool, typer.Option("--qr", help="Show the address as a QR code, too.")] = False,
    as_json: Json = False,
) -> None:
    """Upload FILE and print the address of a page that hands it over."""
    options.check_file(file)
    wanted: dict[str, Any] = {"expires_in": expires, "max_downloads": downloads_left, "filename": file.name}
    wanted["note"] = note and options.check_text(note, "--note")
    client: Client = context.obj()
    wanted["pin"] = options.new_pin(pin and options.check_text(pin, "--pin"))
    client.check_share(**wanted)
    uploaded = _upload(client, file, undone="Nothing was shared; the")
    from onetime_urls.client import ApiError

    try:
        made = client.share(uploaded.key, **wanted)
    except ApiError as error:
        from onetime_urls.cli.api_words import failure_of

        failure = failure_of(error)
        there = f"The file is there already: its key is {uploaded.key}."
        raise Failure(f"{failure.sentence} {there}", failure.exit) from None
    out_json(made.raw) if as_json else out(made.url)
    if qr:
        from onetime_urls.cli.qr import draw

        draw(made.url)
    if not as_json:
        from onetime_urls.cli.show import promise

        promised = promise(made.max_downloads, made.expires_at.timestamp())
        asked = ", with the PIN" if made.pin else ""
        err(f"{made.filename} ({words.size(made.size)}) can be downloaded {promised}{asked}.")


@app.command()
def upload(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file.")],
    folder: Annotated[
        str | None, typer.Option(help="Where it keeps its name, if none has it: a folder for uploads.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Upload FILE and print its key, under which it can be linked."""
    options.check_file(file)
    client: Client = context.obj()
    uploaded = _upload(client, file, folder and options.check_text(folder, "--folder"))
    out_json(asdict(uploaded)) if as_json else out(uploaded.key)


def _upload(client: "Client", file: Path, folder: str | None = None, *, undone: str = "The") -> "Upload":
    """Upload a file with a bar, and say what becomes of an upload that is interrupted.

    Args:
        undone: the beginning of the sentence about that.
    """
    from onetime_urls.client import NotUploaded

    where = "" if folder is None else f"\n{folder}"
    checkpoint = state.note("upload", f"{client.endpoint}\n{file.resolve()}{where}")
    there, total = 0, 0
    with bar("Uploading", before="Reading", after="Finishing") as shown, state.held(checkpoint):

        def move(bytes_there: int, of: int) -> None:
            nonlocal there, total
            there, total = bytes_there, of
            shown.move(bytes_there, of)

        try:
            return client.upload(file, folder=folder, progress=move, checkpoint=checkpoint)
        except (KeyboardInterrupt, Ended) as error:
            goes_on = checkpoint is not None and checkpoint.is_file()
            how = "goes on with it" if goes_on else "begins anew"
            happened = "Interrupted" if isinstance(error, KeyboardInterrupt) else "Ended by the system"
            moved = f" at {words.size(there)} of {words.size(total)}" if total else ""
            raise Failure(
                f"{happened}{moved}. {undone} same command {how}.",
                Exit.INTERRUPTED if isinstance(error, KeyboardInterrupt) else error.exit,
            ) from None
        except NotUploaded as error:
            more = " The same command goes on with it." if error.resumable else ""
            raise Failure(f"{error}{more}", Exit.UNAVAILABLE) from None


@app.command()
def link(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="An object's key in the bucket.")],
    expires: Annotated[Any, span("How long it works.")] = None,
    max_claims: Annotated[int | None, typer.Option(min=1, help="How often it can be downloaded.")] = None,
    resume: Annotated[Any, span("How long a download may be resumed.")] = None,
    cidr: Annotated[str | None, typer.Option(help="The only network that it works from.")] = None,
    as_json: Json = False,
) -> None:
    """Print a bare one-time URL for KEY. Whatever fetches it first uses it up."""
    options.check_text(key, "KEY")
    client: Client = context.obj()
    made = client.mint(key, expires_in=expires, max_claims=max_claims, resume=resume, cidr=cidr)
    from onetime_urls.cli.short_ids import remember

    remember(client, [made.id])
    if as_json:
        out_json(made.raw)
        return
    out(made.url)
    from onetime_urls.cli.show import promise

    err(f"{made.key} ({words.size(made.size)}): {promise(made.max_claims, made.expires_at.timestamp())}.")


# A share's id may begin with a hyphen, and is no option then.
_TAKES_AN_ID = {"ignore_unknown_options": True}


@app.command(context_settings=_TAKES_AN_ID)
def status(context: typer.Context, id_: Id, key: KeyOfShortId = None, as_json: Json = False) -> None:
    """Tell what became of a link or a share."""
    _show(context, "status", id_, key, as_json)


@app.command(context_settings=_TAKES_AN_ID)
def revoke(context: typer.Context, id_: Id, key: KeyOfShortId = None, as_json: Json = False) -> None:
    """Take a link or a share back. What was downloaded stays downloaded."""
    _show(context, "revoke", id_, key, as_json)


def _show(context: typer.Context, what: str, id_: str, key: str | None, as_json: bool) -> None:
    from onetime_urls.cli.short_ids import whole

    client: Client = context.obj()
    named = whole(client, id_, key)
    found = client.status(named) if what == "status" else client.revoke(named)
    if as_json:
        out_json(found.raw)
        return
    from onetime_urls.cli.show import details

    details(found)


@app.command("list")
def list_(
    context: typer.Context,
    of: Annotated[
        str | None, typer.Argument(metavar="KEY", help="List the links of this object instead.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="The same.")] = None,
    all_links: Annotated[bool, typer.Option("--links", help="List all links instead.")] = False,
    wide: Annotated[bool, typer.Option("--wide", help="Whole ids and names, however long.")] = False,
    as_json: Json = False,
) -> None:
    """List shares, newest first, or links: of one object, or of all."""
    if len([each for each in (of, key, all_links or None) if each is not None]) > 1:
        raise Failure("KEY, --key and --links want different lists: give one of them.", Exit.WRONG_USE)
    client: Client = context.obj()
    from onetime_urls.cli import show
    from onetime_urls.cli.short_ids import remember

    key = options.check_text(of, "KEY") if of is not None else key and options.check_text(key, "--key")
    if key is not None or all_links:
        links = list(client.list_links(key))
        remember(client, [each.id for each in links])
        if as_json:
            out_json([each.raw for each in links])
        elif links:
            show.links(links, wide=show.is_wide(wide), with_keys=all_links)
        else:
            err("There are no links." if all_links else "There are no links of this object.")
        return
    shares = list(client.list_shares())
    if as_json:
        out_json([each.raw for each in shares])
    elif shares:
        show.shares(shares, wide=show.is_wide(wide))
    else:
        err("There are no shares.")


@app.command()
def ls(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="A folder, or what keys begin with.")] = "",
    flat: Annotated[bool, typer.Option("--flat", help="Every object below, and no folders.")] = False,
    wide: Annotated[bool, typer.Option("--wide", help="Whole keys, however long.")] = False,
    as_json: Json = False,
) -> None:
    """List what can be handed out, folder by folder."""
    client: Client = context.obj()
    found = list(client.list_objects(prefix and options.check_text(prefix, "PREFIX"), flat=flat))
    from onetime_urls.cli import show

    if as_json:
        out_json(show.plain_entries(found))
    elif found:
        show.entries(found, wide=show.is_wide(wide))
    else:
        err("There is nothing here that can be handed out.")


@app.command()
def files(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="What their names begin with.")] = "",
    wide: Annotated[bool, typer.Option("--wide", help="Whole names, however long.")] = False,
    as_json: Json = False,
) -> None:
    """List the files that signed URLs can be had for."""
    client: Client = context.obj()
    found = list(client.list_files(prefix and options.check_text(prefix, "PREFIX")))
    if as_json:
        out_json([each.raw for each in found])
    elif found:
        from onetime_urls.cli import show

        show.files(found, wide=show.is_wide(wide))
    else:
        err("There are no files here that you may read.")


@app.command()
def url(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file's name, as `files` has it.")],
    expires: Annotated[Any, span("How long it works.")] = None,
    download: Annotated[bool, typer.Option("--download", help="Have browsers save it, not show it.")] = False,
    as_json: Json = False,
) -> None:
    """Print a signed URL for FILE. Whoever has it can use it until it expires; it can't be taken back."""
    options.check_text(file, "FILE")
    client: Client = context.obj()
    signed = client.sign_url(file, expires_in=expires, disposition="attachment" if download else None)
    if as_json:
        out_json(signed.raw)
        return
    out(signed.url)
    from onetime_urls.cli.show import promise

    err(f"{file}: {promise(None, signed.expires_at.timestamp())}. It can't be taken back.")


@app.command()
def get(
    url: Annotated[str, typer.Argument(metavar="URL", help="A share's address or a one-time URL.")],
    output: Annotated[
        str, typer.Option("--output", "-o", help="Folder or file to save it as; - is standard output.")
    ] = ".",
    pin: Annotated[
        str | None, typer.Option(help="The share's PIN; asked for if it is needed. - reads standard input.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Download what is behind URL, with its checksum verified."""
    from onetime_urls.cli import downloads

    if as_json and output == downloads.STDOUT:
        raise Failure("--json and -o - both want standard output: give one of them.", Exit.WRONG_USE)
    given = options.asked_pin() if pin == "-" else pin
    asked: list[str] = []

    def ask_pin(said: str) -> str:
        if given is not None and (asked or said):
            raise Failure(said or "The page doesn't take this for a PIN.", Exit.REFUSED)
        if given is None and not sys.stdin.isatty():
            raise Failure("This needs a PIN: --pin.", Exit.REFUSED)
        if said:
            err(said)
        asked.append(said)
        return given or options.asked_pin()

    with bar("Downloading") as shown:
        done = downloads.download(url.strip(), output, force=force, ask_pin=ask_pin, progress=shown.move)
    if as_json:
        out_json(asdict(done))
        return
    checked = "checksum verified" if done.checked else "no checksum to verify it with"
    if done.path == downloads.STDOUT:
        err(f"{words.size(done.size)}, {checked}")
    else:
        out(f"{done.path} ({words.size(done.size)}, {checked})")
