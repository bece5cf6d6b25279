"""`make demo`: the promise shown on the real template, with real commands and their real output.

What stands after a dollar sign is what a POSIX shell was given, and below it is what came out, standard
error included; each command also works by hand against `make up`. Whether the promise held is decided here,
from that same output and from the files.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local_cloud import shell
from local_cloud.children import Interrupted
from local_cloud.cloud import LocalCloud
from local_cloud.options import Options
from local_cloud.terminal import Stop, complain, say, steps

_PARALLEL = 32
_SAMPLE_BYTES = 1_000_000
_COMMAND_SECONDS = 120


class Session:
    """A shell in a folder of its own, with the local cloud's variables and none of the caller's settings."""

    def __init__(self, folder: Path, variables: Mapping[str, str], stop: Stop) -> None:
        # A HOME of its own, because of ~/.curlrc; proxies are left out with everything else.
        self._environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), **variables}
        self._folder = folder
        self._stop = stop
        self.differences: list[str] = []

    def run(self, command: str) -> str:
        """Show the command, run it, show its output and return it. Raises Interrupted."""
        say(f"$ {command}")
        with subprocess.Popen(
            ["sh", "-c", command],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                output = process.communicate(timeout=_COMMAND_SECONDS)[0].decode(errors="replace")
            except subprocess.TimeoutExpired:
                process.kill()
                output = f"(no end after {_COMMAND_SECONDS} s)\n"
        if self._stop():
            raise Interrupted
        if output:
            say(output.rstrip("\n"))
        return output

    def expect(self, what: str, held: bool) -> None:
        """Note what should have been and wasn't."""
        if not held:
            self.differences.append(what)


def run(environ: Mapping[str, str], stop: Stop) -> int:
    """Bring a local cloud up, show the promise, take it down. Raises what LocalCloud raises, and ValueError
    for a bad option.
    """
    options = Options.read(environ, ".local-demo")
    cloud = LocalCloud(
        options.local_dir,
        issuer_auth=options.issuer_auth,
        region=options.region,
        port=options.port,
        aws_port=options.aws_port,
        progress=steps("Starting the local cloud, from the template that cdk deploy sends to AWS:"),
        stopping=stop,
    )
    with cloud:
        folder = cloud.folder.work / "demo"
        folder.mkdir()
        session = Session(folder, shell.variables(cloud.outputs), stop)
        show(session, folder, signed=options.issuer_auth == "iam")
    if session.differences:
        say()
        complain("it did not hold that\n" + "\n".join(f"  - {each}" for each in session.differences))
        return 1
    say("\nAll of it held: one link, one download. `make up` keeps a local cloud running, to try by hand.")
    return 0


def show(session: Session, folder: Path, *, signed: bool) -> None:
    """Upload, mint, download, replay, try S3, race, share; the session notes what differs. One command at a
    time, and what it printed below it."""
    sample, copy, shared = folder / "report.pdf", folder / "copy.pdf", folder / "shared.pdf"
    sample.write_bytes(os.urandom(_SAMPLE_BYTES))
    mint = f"{shell.mint('demo/report.pdf', auth='iam' if signed else 'none')} > link"
    told = "-w '\\n%{http_code}\\n'"

    say("\n# A file goes into the private bucket. Whoever may asks for a link to it, for one download.")
    session.run(shell.upload("report.pdf", "demo/report.pdf"))
    session.run(mint)
    session.run("cut -c 1-90 link")

    say("\n# The first download gets the file ...")
    first = session.run("curl -sS -o copy.pdf -w '%{http_code}\\n' \"$(cat link)\"")
    session.run("cksum report.pdf copy.pdf")
    session.expect("the first download is answered with 200", first == "200\n")
    session.expect("it is the same file", copy.exists() and copy.read_bytes() == sample.read_bytes())

    say("\n# ... the second doesn't.")
    second = session.run(f'curl -sS {told} "$(cat link)"')
    session.expect("the second download is answered with 403", second.endswith("\n403\n"))
    session.expect("it says that the link was used", "used" in second)

    say("\n# Another link, not used yet. Taken to S3 itself, past CloudFront, it is worth nothing.")
    session.run(mint)
    direct = session.run(
        f'curl -sS {told} --connect-to "::${{AWS_ENDPOINT_URL#http://}}" \\\n'
        '    "$(sed "s|^$LINKS|http://$BUCKET.s3.$AWS_REGION.amazonaws.com|" link)" \\\n'
        "    | grep -oE '<Code>[^<]+|^[0-9]+$'"
    )
    session.expect(
        "S3 refuses the same URL for its signature", direct == "<Code>SignatureDoesNotMatch\n403\n"
    )

    say(f"\n# {_PARALLEL} downloads of it at once: one gets the file.")
    race = session.run(
        f"seq {_PARALLEL} | xargs -P {_PARALLEL} -I N \\\n"
        "    curl -sS -o /dev/null -w '%{http_code}\\n' \"$(cat link)\" | sort | uniq -c"
    )
    counts = {status: int(count) for count, status in re.findall(r"^ *(\d+) (\d{3})$", race, re.MULTILINE)}
    session.expect(f"exactly one of {_PARALLEL} gets the file", counts.get("200") == 1)
    session.expect(f"the other {_PARALLEL - 1} are answered with 403", counts.get("403") == _PARALLEL - 1)

    say("\n# For people: a short address with a page. Looking at it, as previews do, uses nothing up.")
    session.run(f"{shell.share('demo/report.pdf', auth='iam' if signed else 'none')} > page")
    session.run("cat page")
    looked = session.run("curl -sS -o /dev/null -w '%{http_code}\\n' \"$(cat page)\"")
    session.expect("the page is shown", looked == "200\n")

    say("\n# Its button hands the file over (here curl presses it) ...")
    asked = session.run("curl -sS -L -d '' -o shared.pdf -w '%{http_code}\\n' \"$(cat page)\"")
    session.run("cksum report.pdf shared.pdf")
    session.expect("the page hands the file over", asked == "200\n")
    session.expect("it is that file", shared.exists() and shared.read_bytes() == sample.read_bytes())

    say("\n# ... once.")
    again = session.run(f"curl -sS -d '' {told} \"$(cat page)\"")
    session.expect("asked again it says that the link is used up", again.endswith("\n410\n"))
