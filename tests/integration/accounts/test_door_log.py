"""What happens at the door is written down, by kind and id, with nothing that anybody typed."""

from __future__ import annotations

from structlog.testing import capture_logs

from tests.integration.accounts.conftest import PASSWORD
from tests.integration.accounts.test_staff_sign_in import type_password


def test_signing_in_is_logged(client_for, colleague_of, world):
    colleague, client = colleague_of(world.school.lead), client_for(None)
    with capture_logs() as lines:
        type_password(client, colleague.person, "not this one at all")
        type_password(client, colleague.person)
        client.post("/sign-in/code", data={"code": "000000"})
        client.post("/sign-in/code", data={"code": colleague.app_code()})
        client.get("/authority")
        client.post("/sign-out")

    events = [(line["event"], line.get("kind")) for line in lines if line["event"] != "request"]
    assert events == [
        ("sign_in_refused", "password"),
        ("sign_in_refused", "app_code"),
        ("signed_in", "school_lead"),
        ("access_denied", None),
        ("signed_out", None),
    ]
    written = repr(lines)
    assert colleague.person.email not in written
    assert PASSWORD not in written
    assert "not this one" not in written


def test_a_form_without_its_token_is_written_down(client_for, with_csrf, world):
    with capture_logs() as lines:
        client_for(world.school.lead).post("/sign-out")
    assert "form_token_refused" in [line["event"] for line in lines]
