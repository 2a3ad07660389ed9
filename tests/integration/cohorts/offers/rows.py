"""How offers and who waits stand."""

from __future__ import annotations


def states(own) -> list[str]:
    return [row["state"] for row in own.rows("select state from place_offer order by offered_at, id")]


def stage(own, parent_id) -> str:
    return own.value("select stage from parent where id = %s", parent_id)
