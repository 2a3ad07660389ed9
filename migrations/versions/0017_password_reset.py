"""Let people at work set a new password by a link to their own address.

Asking does the same whoever asks, and answers nothing. The link works once, for half an hour, and sets a password; it
signs nobody in, and the second factor stays as it was.

Risk: none, tokens may have one purpose more.
Rejected: a link that signs in, which would make a mailbox the only factor of somebody at work.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import WEB, function, install

revision = "0017"
down_revision = "0016"

FUNCTIONS = (
    function(
        "request_password_reset",
        "p_email text, p_outbox_id uuid, p_hash bytea, p_expires_at timestamptz",
        "void",
        """
declare v_account identity.account; v_member identity.membership;
begin
  -- Somebody at work who has a password; who signs in elsewhere has none to forget.
  select * into v_account from identity.account a where a.email = p_email and a.disabled_at is null
    and a.password_hash is not null;
  select m.* into v_member from identity.membership m where m.account_id = v_account.id and m.ended_at is null
    and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1;
  if v_member.id is null then
    -- Nobody's. Rows that open nothing are written all the same: how long it takes must not tell.
    insert into identity.token (token_hash, purpose, in_authority, channel, address, outbox_id, expires_at, used_at,
        cancelled_at)
      values (p_hash, 'password_reset', '00000000-0000-0000-0000-000000000000', 'email', '', p_outbox_id,
        p_expires_at, now(), now());
    insert into identity.sign_in_event (event) values ('password_reset_for_nobody');
    return;
  end if;
  update identity.token t set cancelled_at = now() where t.purpose = 'password_reset' and t.account_id = v_account.id
    and t.used_at is null and t.cancelled_at is null;
  -- Without the person: lists of people would take it for an invitation.
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, expires_at)
    values (p_hash, 'password_reset', v_account.id, v_member.in_authority, v_member.in_school, 'email', p_email,
      v_account.name, p_outbox_id, p_expires_at);
  insert into identity.sign_in_event (account_id, event) values (v_account.id, 'password_reset_asked');
  if v_member.in_school is null then
    insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,
        state, attempt, next_at, not_after, problem, created_at)
      values (v_member.in_authority, p_outbox_id, 'password_reset', 'email', 'token', p_outbox_id, p_outbox_id::text,
        'queued', 0, now(), p_expires_at, '', now());
  else
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state,
        attempt, next_at, not_after, problem, created_at)
      values (v_member.in_school, p_outbox_id, 'password_reset', 'email', 'token', p_outbox_id, p_outbox_id::text,
        'queued', 0, now(), p_expires_at, '', now());
  end if;
end""",
        WEB,
    ),
    function(
        "use_password_reset",
        "p_hash bytea, p_password_hash text, p_outbox_id uuid, p_not_after timestamptz",
        "boolean",
        """
declare used identity.token;
begin
  -- One statement decides who was first; a second press finds nothing to use.
  update identity.token t set used_at = now() where t.token_hash = p_hash and t.purpose = 'password_reset'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > now() returning * into used;
  if not found then return false; end if;
  update identity.account a set password_hash = p_password_hash where a.id = used.account_id
    and a.disabled_at is null and a.password_hash is not null and a.email = used.address
    and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
      and m.role not in ('parent', 'facilitator'));
  if not found then return false; end if;
  -- Whoever knew the old one is out everywhere. App, passkeys and recovery codes stay as they were.
  delete from identity.browser_session s where s.account_id = used.account_id;
  insert into identity.sign_in_event (account_id, event) values (used.account_id, 'password_reset');
  -- To the address that the link went to: its owner learns of it, whoever pressed.
  if used.in_school is null then
    insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, subject_id,
        dedupe_key, state, attempt, next_at, not_after, problem, created_at)
      values (used.in_authority, p_outbox_id, 'password_was_reset', 'email', 'token', p_outbox_id, used.outbox_id,
        p_outbox_id::text, 'queued', 0, now(), p_not_after, '', now());
  else
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, subject_id, dedupe_key,
        state, attempt, next_at, not_after, problem, created_at)
      values (used.in_school, p_outbox_id, 'password_was_reset', 'email', 'token', p_outbox_id, used.outbox_id,
        p_outbox_id::text, 'queued', 0, now(), p_not_after, '', now());
  end if;
  return true;
end""",
        WEB,
    ),
)


def upgrade() -> None:
    op.execute("alter table identity.token drop constraint token_purpose_check")
    op.execute(
        "alter table identity.token add constraint token_purpose_check check"
        " (purpose in ('staff_invitation', 'parent_invitation', 'sign_in', 'confirm', 'password_reset'))"
    )
    install(FUNCTIONS)
