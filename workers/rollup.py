"""The roll-up's worker: one round for each ring of its bell."""

from __future__ import annotations

from app.outcomes.rollup import run_round
from infra.database import make_engine
from infra.logs import get_logger
from infra.settings import Settings

log = get_logger()


def drain(settings: Settings) -> int:
    """Add up what is due, make, publish and withdraw releases as asked; how many things were dealt with."""
    engine = make_engine(settings.secret("database_rollup_url"))
    try:
        done = run_round(engine)
    finally:
        engine.dispose()
    if done:
        log.info("rolled_up", count=done, queue="rollup")
    return done
