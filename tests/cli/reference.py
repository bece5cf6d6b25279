"""Writes the CLI's reference out of its own help: `python -m tests.cli.reference > docs/cli.md`."""

from typing import Any

import typer

from onetime_urls.cli.cli import app

HEAD = """# onetime, the command line

`make setup` installs it into `.venv/bin`. It works on a stack on AWS (`--stack NAME`, with your AWS
profile) or on the local cloud that `make up` runs in this folder or above (in `LOCAL_DIR`, if that is set).
`get` needs no credentials. Everything else needs `execute-api:Invoke`, and `cloudformation:DescribeStacks`
with `--stack`; `share` also `s3:PutObject`, and `s3:ListMultipartUploadParts` to go on with an upload.

```
$ onetime share report.pdf --downloads 2 --note "As promised"
https://d111111abcdef8.cloudfront.net/-/vcHdBqbZh6LVhjkRR-7ZPA
$ onetime get https://d111111abcdef8.cloudfront.net/-/vcHdBqbZh6LVhjkRR-7ZPA
report.pdf (1000000 bytes, checksum verified)
```

A span of time is written as 90s, 15m, 12h or 7d. Options of `onetime` itself come before the command, or
from `ONETIME_STACK`, `ONETIME_PROFILE`, `ONETIME_REGION` and `ONETIME_TOKEN`. `onetime
--install-completion` teaches your shell to complete commands and options.

Results go to standard output, progress and errors to standard error; `--json` prints JSON. An upload that
was interrupted goes on when the same command is given again. A download doesn't: within one run it goes on
by itself where the link allows it, a run that is ended leaves nothing. What the next run needs (the id of
an upload, a share's ticket, no file and no PIN) is kept in `~/.local/state/onetime`, until the first run
after 30 days. A file that is there is not replaced: the download is saved beside it, as `report (1).pdf`,
or, if you named that file yourself, refused before anything is used up. Exit status: 0 done, 1 failed, 2
wrong options, 3 no deployment, 4 refused, 5 can't be reached, 6 damaged, 130 interrupted.

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
