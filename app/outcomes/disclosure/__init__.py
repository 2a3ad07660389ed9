"""Disclosure control: what may be said about groups of parents so that nobody can be picked out.

`rules` holds the numbers, `gates` decides whether a group of parents may be described at all, `suppress`
which counts are shown, `overlaps` whether shown figures give one another away, `differencing` whether
releases do, `recheck` looks at a finished release again from the rows. An auditor that attacks everything
published as one system of equations stands behind these as a further step, in a module of its own.
"""
