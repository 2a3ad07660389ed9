"""Keep the key of a council's own service at GOV.UK Notify, and say of each message with which key it was handed over.

A row is a key as it was entered once: sealed, its service and last four letters in the open. The one without an end is
used; an ended one is kept sealed while messages that it carried may be asked about, and then emptied. What is known of
a key stands in its row: that it carried a message, that Notify refused it, until when it takes no more of a kind today.
People at the council read no sealed letter of it, nor does anybody at a school.

`notify_key_id` of a message: with which key it was offered, while nobody knows whether it was taken, and then for good.
Empty is the service's own key, as for all before.

Risk: none, a new table and an empty column each. Rejected: a column of the authority (nothing would be left to ask
with about what the key of before carried), keys in the settings of the worker (each council would wait for a release).
"""

from __future__ import annotations

from alembic import op

from tenants.ddl import AUTHORITY, EVERY_ROW, Access, protect

revision = "0175"
down_revision = "0174"

TABLE = """
create table notify_key (
  authority_id uuid not null references authority (authority_id),
  id uuid not null,
  service_id uuid not null,
  ending text not null,
  sealed text not null,
  email_template_id uuid not null,
  sms_template_id uuid not null,
  by_name text not null,
  set_at timestamptz not null,
  ended_at timestamptz,
  proven_at timestamptz,
  refused_since timestamptz,
  refused_at timestamptz,
  email_until timestamptz,
  sms_until timestamptz,
  primary key (authority_id, id),
  constraint notify_key_ending check (char_length(ending) = 4));
"""
IN_USE = "create unique index notify_key_in_use on notify_key (authority_id) where ended_at is null"
#: What people at the council, and at its schools, may know of a key.
SHOWN = (
    "authority_id, id, service_id, ending, email_template_id, sms_template_id, by_name, set_at, ended_at, proven_at,"
    " refused_since, email_until, sms_until"
)
HOLDS = "authority_id, ended_at, email_until, sms_until"


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute(TABLE)
    op.execute(IN_USE)
    access = [
        Access("wb_authority", "insert", AUTHORITY),
        Access("wb_dispatch", "select", EVERY_ROW),
        Access("wb_documents", "select", EVERY_ROW),
    ]
    for statement in protect("notify_key", access):
        op.execute(statement)
    for role, columns in (("wb_authority", SHOWN), ("wb_school", HOLDS)):
        short = role.removeprefix("wb_")
        op.execute(f"grant select ({columns}) on notify_key to {role}")
        op.execute(
            f"create policy notify_key_{short}_select on notify_key for select to {role} using ({AUTHORITY})"
        )
    op.execute("grant update (ended_at) on notify_key to wb_authority")
    op.execute(
        "create policy notify_key_authority_update on notify_key for update to wb_authority"
        f" using ({AUTHORITY} and ended_at is null) with check ({AUTHORITY} and ended_at is not null)"
    )
    op.execute(
        "grant update (sealed, proven_at, refused_since, refused_at, email_until, sms_until)"
        " on notify_key to wb_dispatch"
    )
    op.execute(
        "create policy notify_key_dispatch_update on notify_key for update to wb_dispatch"
        " using (true) with check (true)"
    )
    op.execute("alter table outbox add column notify_key_id uuid")
    op.execute("alter table authority_outbox add column notify_key_id uuid")
