"""Puts the console's files into its bucket: a custom resource, which carries what it publishes.

Each version's files have a folder of their own, named by a hash of them, so that browsers can keep them for a
year and a page that is open goes on to find its own. The version before stays for that; older ones go. What
names a version, `index.html`, and what changes, `config.json`, come last.
"""
