"""Disclosure control: what may be said about groups of parents so that nobody can be picked out.

`rules` holds the numbers, `gates` decides whether a group of parents may be described at all, `suppress`
which counts are shown, `overlaps` whether shown figures give one another away, `differencing` whether
releases do, `recheck` looks at a finished release again from the rows. Attacks on all of it stand in
`tests/unit/outcomes/test_attacks.py`.
"""
