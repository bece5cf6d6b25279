"""`make up`: a local cloud in the foreground, until Ctrl-C."""

import shlex
import time
from collections.abc import Mapping

from local_cloud import shell
from local_cloud.children import Interrupted, pause
from local_cloud.cloud import LocalCloud
from local_cloud.options import Options
from local_cloud.terminal import Stop, say, steps

_MODULE = ".venv/bin/python -m local_cloud"


def run(environ: Mapping[str, str], stop: Stop) -> int:
    """Serve until told to stop. Raises what LocalCloud raises, ValueError for a bad option."""
    options = Options.read(environ, ".local")
    began = time.monotonic()
    cloud = LocalCloud(
        options.local_dir,
        issuer_auth=options.issuer_auth,
        region=options.region,
        port=options.port,
        aws_port=options.aws_port,
        progress=steps("Starting the local cloud:"),
        stopping=stop,
    )
    with cloud:
        say(guide(cloud.outputs, options, time.monotonic() - began))
        try:
            while True:
                cloud.check()
                pause(stop)
        except Interrupted:
            say("\nStopping.")
    say("Stopped; nothing is left behind.")
    return 0


def guide(outputs: Mapping[str, str], options: Options, seconds: float) -> str:
    """What is where, and commands that try it.

    Args:
        outputs: of the stack, with local addresses.
        seconds: that the start took.
    """
    folder = options.local_dir.absolute()
    key = "demo/Makefile"
    # In a folder of another name the program has to be told.
    elsewhere = "" if options.local_dir.name == ".local" else f"LOCAL_DIR={shlex.quote(str(folder))} "
    who = {
        "none": "open; ISSUER_AUTH=iam or jwt make up protects it",
        "iam": "signed requests only",
        "jwt": "for users of the pool, with their tokens",
    }
    bearer = ' --token "$TOKEN"' if options.issuer_auth == "jwt" else ""
    return f"""
Ready after {seconds:.1f} s, from the template that cdk deploy sends to AWS. On this machine only:

{_console(outputs, options, elsewhere)}  mint      {outputs["GetUrlEndpoint"]}?key=...
            ({who.get(options.issuer_auth, options.issuer_auth)})
  links     {outputs["DistributionUrl"]}/...
  private   {outputs["PrivateUrl"]}/...
            (for member and accountant: {elsewhere}{_MODULE} token member)
  signed    {outputs["SignedDistributionUrl"]}/...
            (onetime files, onetime url FILE)
  AWS API   {outputs["AwsEndpointUrl"]}
  outputs   {folder / "outputs.json"}

Try it in another terminal, in the project's folder:

  . {shlex.quote(str(folder / "env"))}
  TOKEN=$({elsewhere}{shell.token("member")})
  {_indented(shell.upload("Makefile", key))}
  LINK=$({_indented(shell.mint(key, auth=options.issuer_auth))})
  curl -sS "$LINK"
  curl -sS "$LINK"

The first download gives the file, the second is refused. And a page for people:

  {elsewhere}.venv/bin/onetime{bearer} share README.md --qr

What is under {outputs["PrivatePrefix"]} is for whoever is signed in, and cached:

  {_indented(shell.upload("README.md", f"{outputs['PrivatePrefix']}shared/README.md"))}
  {shell.read("shared/README.md")}

Ctrl-C stops everything and removes it."""


def _console(outputs: Mapping[str, str], options: Options, elsewhere: str) -> str:
    """The console's lines; without one, none."""
    if "ConsoleUrl" not in outputs:
        return ""
    password = f"{elsewhere}{_MODULE} password member"
    opened = (
        f"sign in as member, with the password that this prints:\n            {password}"
        if options.issuer_auth == "jwt"
        else "(open it in a browser)"
    )
    return f"  console   {outputs['ConsoleUrl']}\n            {opened}\n"


def _indented(command: str) -> str:
    return command.replace("\n", "\n  ")
