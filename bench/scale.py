"""How much a run measures: enough to see a change in minutes, or the figures of `docs/benchmarks.md`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`pairs`: turns of each page beside the peer's, of `seconds` each; `blocks` of `reads` for queries alone."""

    schools: int
    messages: int
    pairs: int
    seconds: float
    tenants: int
    blocks: int
    reads: int
    jobs: int
    simple_jobs: int
    presses: int


#: Two fleets, of which the larger is a county's; medians of three.
QUICK = Scale(
    schools=800, messages=1_000, pairs=3, seconds=1.5, tenants=10, blocks=5, reads=30, jobs=60, simple_jobs=600,
    presses=15,
)  # fmt: skip
#: England.
FULL = Scale(
    schools=24_000, messages=5_000, pairs=7, seconds=3, tenants=50, blocks=9, reads=60, jobs=300, simple_jobs=3_000,
    presses=60,
)  # fmt: skip
