"""Count somebody at work as there once they can really come in, not when they have only chosen a password.

Between the password and the app nobody is let in, yet such an account counted wherever the last reader of concerns,
lead, officer or admin is guarded: the acting one could be removed, and the form promised a name that nobody answers to.
`identity.account.awaits_app` says that a password was chosen by a link and no app is set up yet.

Risk: accounts from before count as they did, whatever they have; a trigger fires when a password or an app changes.
Rejected: asking for an app wherever there is a password, for the operator's command and the demo found accounts without
one; asking whether somebody has signed in, which a cleared list of sessions forgets.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0056"
down_revision = "0055"

NOTES = function(
    "notes_app",
    "",
    "trigger",
    """
begin
  new.awaits_app := case
    when new.totp_secret is not null then false
    when session_user = 'wb_signin' and new.password_hash is not null
      and (tg_op = 'INSERT' or old.password_hash is null) then true
    else new.awaits_app end;
  return new;
end""",
    ("wb_owner",),
)
WAYS_IN = function(
    "ways_in",
    "p_account uuid",
    "bigint",
    """
begin
  -- By which somebody at work comes in today: a password alone opens nothing.
  return identity.usable_ways_in(p_account, null, null)
    - (select (a.password_hash is not null and a.awaits_app)::int from identity.account a where a.id = p_account);
end""",
    (),
)


def upgrade() -> None:
    op.execute("alter table identity.account add column awaits_app boolean not null default false")
    install((NOTES,))
    replace((WAYS_IN,))
    op.execute(
        "create trigger account_notes_app before insert or update of password_hash, totp_secret on identity.account"
        " for each row execute function identity.notes_app()"
    )
