"""Publishes what happens to links and shares: a table's changes in, events out.

`changes` reads one change of a record and says what happened, without I/O and without a secret. `handler`
takes batches of changes from the tables' streams, writes each event into the audit trail, which is its
log, and publishes it on the event bus, where e-mails and webhooks start.
"""
