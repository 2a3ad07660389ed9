"""Links that a mail scanner, a preview or a second person opens before the one they are for."""

from __future__ import annotations

import pytest

from app.identity.roles import Role
from tests.integration.accounts.conftest import acting_as, invitation_to  # noqa: F401 - fixtures


@pytest.fixture
def parents_link(invitation_to, world):  # noqa: F811
    return invitation_to(
        Role.PARENT, email="scanned@example.org", person_id=world.school.ids["identified_parent_id"]
    )


@pytest.fixture
def colleagues_link(invitation_to):  # noqa: F811
    return invitation_to(Role.SENCO, email="colleague.new@example.org")


@pytest.mark.parametrize("method", ["HEAD", "GET", "OPTIONS"])
def test_opening_a_link_uses_nothing(app, client_for, parents_link, method):
    for _ in range(3):
        scanner = app.test_client()
        assert scanner.open(f"/l/{parents_link}", method=method).status_code in (200, 302)
        assert scanner.open(f"/link/{parents_link}", method=method).status_code == 200
    parent = client_for(None)
    assert parent.get(f"/link/{parents_link}").status_code == 200
    answer = parent.post(f"/link/{parents_link}")
    assert answer.status_code in (302, 303)
    assert parent.get(answer.headers["Location"]).status_code in (200, 302)


def test_opening_a_colleagues_link_uses_nothing(app, client_for, colleagues_link):
    for method in ("HEAD", "GET"):
        answer = app.test_client().open(f"/l/{colleagues_link}", method=method)
        assert answer.status_code == 302
        assert app.test_client().open(answer.headers["Location"], method=method).status_code == 200
    assert "Are you" in client_for(None).get(f"/l/{colleagues_link}", follow_redirects=True).text


def test_a_used_link_says_so_and_offers_a_new_one(client_for, parents_link):
    client_for(None).post(f"/link/{parents_link}")
    for method in ("GET", "POST"):
        again = client_for(None).open(f"/link/{parents_link}", method=method)
        assert again.status_code == 410
        assert 'action="/new-link"' in again.text


@pytest.mark.parametrize("token", ["x", "x" * 3000, "🦜", "%2e%2e", "a'--", "0"])
def test_a_link_that_lost_letters_offers_a_new_one(client_for, token):
    answer = client_for(None).get(f"/link/{token}")
    assert answer.status_code == 404
    assert 'action="/new-link"' in answer.text
