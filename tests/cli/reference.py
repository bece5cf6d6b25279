"""Writes the CLI's reference out of its own help: `python -m tests.cli.reference > docs/cli.md`."""

from typing import Any

import typer

from onetime_urls.cli.commands import app

HEAD = """# onetime, the command line

`pip install onetime-urls` installs it, and the client for programs that it is made of. `get` needs no
credentials. Everything else needs `execute-api:Invoke`, and `cloudformation:DescribeStacks` with `--stack`;
`share` also `s3:PutObject`, and `s3:ListMultipartUploadParts` to go on with an upload. With a bearer
token and no AWS credentials, and into a folder, uploads go through the API.

```
$ onetime share report.pdf --downloads 2 --note "As promised"
https://d111111abcdef8.cloudfront.net/-/vcHdBqbZh6LVhjkRR-7ZPA
report.pdf (1.0 MB) can be downloaded twice, until 28 November, 15:40.
$ onetime get https://d111111abcdef8.cloudfront.net/-/vcHdBqbZh6LVhjkRR-7ZPA
report.pdf (1.0 MB, checksum verified)
```

## Which deployment

| you say | it works on |
|---|---|
| `--stack NAME`, with `--profile` and `--region` if need be | that stack on AWS |
| `--deployment NAME` | an entry of your `~/.config/onetime/deployments.toml` |
| `--deployment local` | the local cloud that `make up` runs in this folder or above (`LOCAL_DIR`, too) |
| nothing | the local cloud, if one runs here; else the entry `default` |

```toml
[default]
stack = "OneTimeUrls"
profile = "work"
region = "eu-west-1"

[partner]                      # for who may not read the stack
endpoint = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"
region = "eu-west-1"
bucket = "assets"              # without it, uploads go through the API
```

Options of `onetime` itself come before the command, or from `ONETIME_DEPLOYMENT`, `ONETIME_STACK`,
`ONETIME_PROFILE`, `ONETIME_REGION` and `ONETIME_TOKEN`; what is typed goes before what stands there. An
option that would mean nothing is refused. A local cloud's `outputs.json` may have come with somebody's
archive: it leads to this machine only, and gets no token but one that is typed.

## What it prints, and what it keeps

Results go to standard output, progress and errors to standard error; `--json` prints JSON. Lists show short
ids, which the other commands take; `--wide`, `--json` and pipes get whole ones. A span of time is written
as 90s, 15m, 12h or 7d. `onetime --install-completion` teaches your shell to complete commands and options.

An upload or a download that ends before its time (Ctrl-C, a full disk, a broken connection) goes on when
the same command is given again, and the message says so: a download as long as the link's lease lasts.
Until then its file is kept beside its place as `.onetime-*.part`, readable by you only. Where a link lets
nobody go on, nothing is left behind. What the next run needs (the id of an upload, a share's ticket, a link
with its lease, ids that were listed, no PIN) is kept in `~/.local/state/onetime`, readable by you only,
until it is of no more use and for 30 days at most. Where there is no writable home, or others can write in
that folder, commands do without.

A download is refused before anything is used up where the disk has no room for it. A file that is there is
not replaced: the download is saved beside it, as `report (1).pdf`, or, if you named that file yourself,
refused before anything is used up. `-o -` writes to standard output.

Exit status: 0 done, 1 failed, 2 wrong options, 3 no deployment, 4 refused, 5 can't be reached, 6 damaged,
130 interrupted.

What follows is made from the program's own help, and a test holds it to that.
"""


def reference() -> str:
    """The whole page."""
    group: Any = typer.main.get_command(app)
    parts = [HEAD, _options(group)]
    for name, command in group.commands.items():
        arguments = [
            each.metavar or each.name.upper() for each in command.params if each.param_type_name == "argument"
        ]
        title = " ".join(["onetime", name, *arguments])
        parts.append(f"## {title}\n\n{command.help}\n\n{_options(command)}")
    return "\n".join(parts)


def _options(command: Any) -> str:
    rows = [
        f"| `{', '.join([*each.opts, *each.secondary_opts])}` | {getattr(each, 'help', None) or ''} |\n"
        for each in command.params
        if each.param_type_name == "option" and each.name not in ("install_completion", "show_completion")
    ]
    return "| option | |\n|---|---|\n" + "".join(rows)


if __name__ == "__main__":
    print(reference(), end="")
