"""What every page of ours looks like and says: the share page, the guards' refusals and the console.

`style` holds the design system, `colour` makes a brand's colour fit into it, `console_policy` says what the
console may load. The other pages run no script and load nothing from elsewhere. Everything here is pure, and
the guards load it only for a refusal that a person reads: it must cost a container's start nothing.
"""
