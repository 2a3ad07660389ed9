"""Three things about who may come in: hashes of before, an app that was taken back, and invitations without end.

- A password that was kept at an older cost is kept anew when it is typed right: it took longer to try than the password
  of nobody, which told that there is one.
- Somebody whose app was taken back cannot come in until they have set up another, so until then they are not counted
  among those who can act. Only a first app was waited for.
- One address gets six invitations a day from one school, whoever presses.

Risk: a school whose last reader of concerns loses their app is without one that same moment: concerns go to the
council's officer, as they do whenever nobody can act, and its home says so.
Rejected: taking the last one's app back only with a second person, who may be the one that is missing.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import SIGNIN, function, install, replace

revision = "0068"
down_revision = "0067"

RENEW = function(
    "renew_password_hash",
    "p_account uuid, p_old text, p_new text",
    "void",
    """
begin
  -- The same password at another cost; nothing happened that a history would tell.
  update identity.account a set password_hash = p_new where a.id = p_account and a.password_hash = p_old;
end""",
    SIGNIN,
)
NOTES = function(
    "notes_app",
    "",
    "trigger",
    """
begin
  new.awaits_app := case
    when new.totp_secret is not null then false
    when tg_op = 'UPDATE' and old.totp_secret is not null then new.password_hash is not null
    when session_user = 'wb_signin' and new.password_hash is not null
      and (tg_op = 'INSERT' or old.password_hash is null) then true
    else new.awaits_app end;
  return new;
end""",
    ("wb_owner",),
)
OFTEN = function(
    "guard_often",
    "",
    "trigger",
    """
begin
  perform pg_advisory_xact_lock(hashtextextended('invited ' || new.address, 0));
  if (select count(*) from identity.token t where t.address = new.address and t.channel = new.channel
    and t.purpose = new.purpose and t.in_school is not distinct from new.in_school
    and t.in_authority = new.in_authority and t.created_at > app.now() - interval '1 day') >= 6
  then raise unique_violation using constraint = 'invited_often'; end if;
  return new;
end""",
    ("wb_owner",),
)


def upgrade() -> None:
    install((RENEW, OFTEN))
    replace((NOTES,))
    op.execute(
        "create trigger token_often before insert on identity.token for each row when (session_user = 'wb_web'"
        " and new.purpose in ('staff_invitation', 'parent_invitation')) execute function identity.guard_often()"
    )
