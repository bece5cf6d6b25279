"""The CDK app: settings in, one deployment out. It calls no AWS service and needs no account."""

import sys

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from stack.deployment import OneTimeUrlsStack
from stack.names import SettingsError
from stack.settings import Settings


def compose(app: App) -> OneTimeUrlsStack:
    """Put the deployment that `app`'s context describes into it, and have it checked at synthesis.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = Settings.from_context(app.node.get_all_context())
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return OneTimeUrlsStack(app, settings=settings)


def main() -> int:
    """Synthesise. A wrong setting is one line on stderr and exit code 1."""
    app = App()
    try:
        compose(app)
    except SettingsError as error:
        print(f"onetime-urls: {error}", file=sys.stderr)
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
