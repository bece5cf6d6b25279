"""Shows a share to whoever visits it, and hands the file over when a person asks for it.

`handler` binds Lambda, the environment and the clock. `visit` and `form` read a request strictly,
`handover` decides in which order things happen, `store` makes the calls, `outcome` names what came of it,
and `page` and `markup` write it down for people.
"""
