"""Let parents and facilitators move their own way in, and keep a PIN and four words of their own.

A way in moves from a browser that is signed in and has just shown who sits there, or with the four words; six digits
go to the new address, and the old one is told. On an address that two people share no code by message proves either:
each has a PIN. Both are kept as argon2id.

Risk: none, the columns are new. Who shares an address and has no PIN is asked for one of their other proofs.
Rejected: a code to a shared telephone as a proof; words that anybody chooses, which are names of children.
"""

from __future__ import annotations

from alembic import op

from migrations.frozen import identity_keys as keys
from migrations.functions import install

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute("alter table identity.account add column pin_hash text, add column words_hash text")
    op.execute("create index sign_in_event_by_account on identity.sign_in_event (account_id, event)")
    op.execute("alter table identity.token drop constraint token_purpose_check")
    op.execute(
        "alter table identity.token add constraint token_purpose_check check (purpose in ('staff_invitation',"
        " 'parent_invitation', 'sign_in', 'confirm', 'password_reset', 'notice', 'move'))"
    )
    for table in ("parent_contact", "facilitator"):
        op.execute(f"grant update (email, phone) on {table} to wb_identity")
        op.execute(
            f"create policy {table}_identity_update on {table} for update to wb_identity using (true) with check (true)"
        )
    for signature in (
        "own_addresses(bytea)",
        "request_confirm_code(bytea, text, uuid, bytea, bytea, timestamptz)",
    ):
        op.execute(f"drop function identity.{signature}")
    install(keys.FUNCTIONS)
