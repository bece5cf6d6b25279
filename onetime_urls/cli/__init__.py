"""`onetime`: the command line of a deployment. It knows the API, S3 and the web, and nothing behind them.

`cli` has the commands, `deployment` finds what they work on, `api` calls it, `uploads` and `downloads` move
the bytes, and `failures` says how a command ends when it can't do what was asked.
"""
