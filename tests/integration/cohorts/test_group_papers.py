"""Staff print the register and the contact sheet of a group."""

from __future__ import annotations

from tests.integration.cohorts.test_staff_sessions import run, senco

__all__ = ["run", "senco"]  # fixtures


def test_a_register_can_be_printed_and_made_into_a_pdf(senco, world, run):
    address = f"/school/groups/sessions/{world.school.ids['next_session_id']}/register"
    page = senco.get(address).get_data(as_text=True)
    assert f"Other Parent {world.school.family_canary}" in page

    assert senco.post(f"{address}/pdf").status_code == 302
    rows = run("select subject_id from document where kind = 'session_register'")
    assert rows == [(world.school.ids["next_session_id"],)]


def test_the_contact_sheet_is_made_into_a_pdf(senco, world, run):
    cohort = world.school.ids["cohort_id"]
    assert senco.post(f"/school/groups/{cohort}/contact-sheet/pdf").status_code == 303
    assert run("select cohort_id from document where kind = 'contact_sheet'") == [(cohort,)]
