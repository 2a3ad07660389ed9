"""Presses on the way to leading, as a member of staff takes them."""

from __future__ import annotations

from infra.clock import today


def step(client, url, to_stage, reason="A warm talk."):
    return client.post(f"{url}/to/{to_stage}", data={"reason": reason})


def give_references(client, url, good=2):
    for number in range(good):
        client.post(
            f"{url}/references/add",
            data={"name": f"Referee {number}", "contact": f"r{number}@example.org", "relationship": "Work"},
        )
    page = client.get(url).get_data(as_text=True)
    ids = {part.split("/")[0].split('"')[0] for part in page.split("/references/")[1:]} - {"add", "use"}
    for reference_id in ids:
        client.post(f"{url}/references/{reference_id}", data={"satisfactory": "yes", "note": "Kind."})
    return ids


def decide_check(client, url, level="basic", **other):
    answers = {"contact": "adults", "venue": "school", "supervised": "yes", "frequency": "weekly"} | other
    return client.post(
        f"{url}/check", data={**answers, "level": level, "risk_assessment": "Two lead, staff are near."}
    )


def record_certificate(client, url, day=None):
    day = day or today()
    return client.post(
        f"{url}/certificate",
        data={"number": "001538472916", "issued_on": [str(day.day), str(day.month), str(day.year)]},
    )


def record_training(client, url, title="Listening"):
    day = today()
    return client.post(
        f"{url}/training/add",
        data={"title": title, "on_date": [str(day.day), str(day.month), str(day.year)], "minutes": "120"},
    )
