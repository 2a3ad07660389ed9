"""A concern as somebody tells it, and the rows that it becomes."""

from __future__ import annotations

from uuid import UUID

from infra.ids import new_id

WORDS = "She said: my arm hurts and I must not tell. Zanzibar."
TOLD = {
    "about": "child",
    "about_name": "A pupil in year 8",
    "what": WORDS,
    "happened_when": "Tuesday after the session",
    "happened_where": "The library",
    "who_else": "Nobody",
    "done_so_far": "I listened.",
    "risk_today": "no",
    "reach_me": "07700 900999 after four",
}


def concerns(rows, world):
    return rows("select * from concern where what = '" + WORDS + "'", "wb_dsl", school=world.school.school_id)


def officer_concerns(rows, world):
    return rows(
        "select * from authority_concern where what = '" + WORDS + "'",
        "wb_officer",
        authority=world.authority.authority_id,
    )


def send(client, **changes):
    form = {"form_id": str(new_id()), **TOLD, **changes}
    return client.post("/concerns/new", data=form)


def id_of(answer) -> UUID:
    return UUID(answer.headers["Location"].split("/")[2])
