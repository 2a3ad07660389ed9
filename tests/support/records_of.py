"""What makes somebody ready to lead, as rows: two good references, a check that needs no certificate, training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from infra.clock import now, today
from infra.ids import new_id


def records_of(
    school_id: UUID, facilitator_id: UUID, words: str = "Kind."
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Table and values of each row."""
    theirs = {"school_id": school_id, "facilitator_id": facilitator_id}
    for number in (1, 2):
        yield (
            "facilitator_reference",
            theirs
            | {
                "id": new_id(),
                "referee_name": f"Referee {number} {words}",
                "referee_contact": f"referee.{number}@example.org",
                "asked_at": now(),
                "received_at": now(),
                "satisfactory": True,
                "note": words,
            },
        )
    yield (
        "facilitator_check",
        theirs
        | {
            "level": "none",
            "role_described": words,
            "venue": words,
            "supervised": True,
            "frequency": words,
            "risk_assessment": words,
            "decided_by": "Carol Okafor",
            "decided_at": now(),
        },
    )
    yield (
        "facilitator_training",
        theirs
        | {"id": new_id(), "title": words, "on_date": today(), "minutes": 120, "recorded_by": "Carol Okafor"},
    )


def insert_records(run: Any, school_id: UUID, facilitator_id: UUID) -> None:
    """The same by `run(statement, values)`."""
    for table, values in records_of(school_id, facilitator_id):
        names = ", ".join(values)
        run(f"insert into {table} ({names}) values (:{', :'.join(values)})", values)
