"""`onetime`: the command line of a deployment, made of the client for programs.

`main` runs a command and says how it ended, `commands` has the commands, `deployments` finds what they work
on, `downloads` fetches what is behind a link, `show` and `progress` write to the terminal. What takes long
to import (boto3, rich) is imported where it is needed: `onetime --version` and completion wait for none of
it.
"""
