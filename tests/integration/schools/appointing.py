"""Steps of an appointment, as tests take them."""

from __future__ import annotations

SECOND = "second.address@example.org"


def invite_dsl(own, world, *, role="school_dsl", email=SECOND, by=None):
    lead = own.client(by or world.school.lead)
    data = {"name": "New Reader", "email": email, "job_title": "", "role": role}
    return lead.post("/school/staff/invite", data=data, follow_redirects=True).text


def accept(own, email, *, elsewhere=False):
    """Open the newest invitation and set a password; the account's id."""
    message = own.rows(
        "select outbox_id from identity.token where lower(address) = %s and purpose = 'staff_invitation'"
        " and used_at is null and cancelled_at is null order by created_at desc limit 1",
        email,
    )
    token = own.sent(message[0]["outbox_id"])
    client = own.client()
    answer = client.post(f"/invitation/{token}", data={"password": "purple anvil tomorrow sings"})
    assert answer.status_code == 303, answer.text
    return client


def sets_up_app(own, email):
    """The second step after the password: from here on they can come in."""
    own.rows("update identity.account set totp_secret = 'sealed' where email = %s", email)


def appointment(own, table="appointment"):
    """What was asked; the world has one of its own, long stopped."""
    (row,) = own.rows(f"select * from {table} where asked_at > now() - interval '1 day'")
    return row


def agree(own, person, row, *, follow=True):
    return own.client(person).post(f"/appointments/{row['id']}/agree", follow_redirects=follow)


def days_later(own, hours=25):
    """As if so many hours had gone by since everybody did what they did."""
    for table in ("appointment", "authority_appointment"):
        own.rows(f"update {table} set begins_at = begins_at - make_interval(hours => %s)", hours)
    own.rows("update identity.membership set begins_at = begins_at - make_interval(hours => %s)", hours)


def roles_of(own, email):
    """What an account with this address can sign in to now, as every function that signs anybody in sees it."""
    own.rows("set role wb_identity")
    try:
        return own.rows(
            "select m.role from identity.membership m join identity.account a on a.id = m.account_id"
            " where a.email = %s and m.ended_at is null",
            email,
        )
    finally:
        own.rows("reset role")


def told(own, kind):
    rows = own.rows("select recipient_id from outbox where kind = %s", f"{kind}_at_school")
    rows += own.rows("select recipient_id from authority_outbox where kind = %s", f"{kind}_at_council")
    return {row["recipient_id"] for row in rows}
