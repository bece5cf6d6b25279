"""Links under faults and under attack, at scale: `make soak` runs it whole, `make test` a short part of it.

`faults` names what can go wrong and draws it from a seed, `proxy` makes it happen between the functions
and their stores, `edge` is the real pipeline and guard in this process, `schedule` is one link's life and
what must hold after it. `hostile` sends altered requests to the whole local cloud, `fuzz` searches the
parser. `__main__` is `make soak`.
"""
