"""The demo's published history: one release published, one in draft, from the real roll-up and nothing else."""

from __future__ import annotations

from infra.settings import Settings


def build_history(settings: Settings) -> None:
    """Add up every closed group and publish the term before last, through the services of `app.outcomes`.

    Called after each load of the demo, also when the borough was there already, so it must do nothing the
    second time. It finds `rollup_due` and `activity_due` filled for every closed group and every school. It
    raises nothing: the demo starts without releases when they cannot be made.
    """
