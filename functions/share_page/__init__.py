"""Shows a share to whoever visits it, and hands the file over when a person asks for it.

`handler` binds Lambda, the environment and the clock. `visit` and `form` read a request strictly,
`handover` decides in which order things happen, `store` makes the calls, `result` names what came of it,
`answers` chooses the form, and `page` and `words` write it down for people and for programs.
"""
