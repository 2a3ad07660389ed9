"""Remember when a browser last proved who sits before it, for pages that ask again.

Risk: none, nothing that is there changes; sessions that are open have proved nothing and are asked.
Rejected: the moment among the session's own data, which a page's save could write over.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import WEB, function, install

revision = "0013"
down_revision = "0012"

FUNCTIONS = (
    function(
        "session_proof",
        "p_hash bytea",
        "integer",
        """
begin
  -- Seconds since this browser's last proof; null when it has given none.
  return (select extract(epoch from now() - s.confirmed_at)::integer from identity.browser_session s
    where s.token_hash = p_hash and s.membership_id is not null);
end""",
        WEB,
    ),
    function(
        "confirm_session",
        "p_hash bytea, p_at timestamptz",
        "boolean",
        """
declare v_account uuid;
begin
  -- Never later than now: a proof cannot be given in advance.
  update identity.browser_session s set confirmed_at = least(p_at, now())
    where s.token_hash = p_hash and s.membership_id is not null returning s.account_id into v_account;
  if not found then return false; end if;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'confirmed');
  return true;
end""",
        WEB,
    ),
    function(
        "own_addresses",
        "p_hash bytea",
        "table (email text, phone text)",
        """
begin
  return query select a.email, a.phone from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null where s.token_hash = p_hash;
end""",
        WEB,
    ),
    function(
        "request_confirm_code",
        "p_hash bytea, p_channel text, p_outbox_id uuid, p_token_hash bytea, p_code_hash bytea,"
        " p_expires_at timestamptz",
        "boolean",
        """
declare v_member identity.membership; v_address text; v_name text;
begin
  -- Only to an address that this account has proved, whatever the browser asks for.
  select m.* into v_member from identity.browser_session s join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and m.ended_at is null and m.role in ('parent', 'facilitator');
  select case p_channel when 'email' then a.email when 'sms' then a.phone end, a.name into v_address, v_name
    from identity.account a where a.id = v_member.account_id and a.disabled_at is null;
  if v_address is null then return false; end if;
  update identity.token t set cancelled_at = now() where t.purpose = 'confirm' and t.account_id = v_member.account_id
    and t.used_at is null and t.cancelled_at is null;
  -- Without the person: lists of people would take it for an invitation.
  insert into identity.token (token_hash, purpose, account_id, in_authority, in_school, channel, address, name,
      outbox_id, browser_hash, code_hash, expires_at)
    values (p_token_hash, 'confirm', v_member.account_id, v_member.in_authority, v_member.in_school, p_channel,
      v_address, v_name, p_outbox_id, p_hash, p_code_hash, p_expires_at);
  insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
      next_at, not_after, problem, created_at)
    values (v_member.in_school, p_outbox_id, 'confirm_code', p_channel, 'token', p_outbox_id, p_outbox_id::text,
      'queued', 0, now(), p_expires_at, '', now());
  return true;
end""",
        WEB,
    ),
    function(
        "use_confirm_code",
        "p_hash bytea, p_code_hash bytea",
        "boolean",
        """
begin
  -- One statement decides: the code of this browser, once, in time.
  update identity.token t set used_at = now() where t.purpose = 'confirm' and t.browser_hash = p_hash
    and t.code_hash = p_code_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > now();
  return found;
end""",
        WEB,
    ),
)


def upgrade() -> None:
    op.execute("alter table identity.browser_session add column confirmed_at timestamptz")
    op.execute("alter table identity.token drop constraint token_purpose_check")
    op.execute(
        "alter table identity.token add constraint token_purpose_check"
        " check (purpose in ('staff_invitation', 'parent_invitation', 'sign_in', 'confirm'))"
    )
    install(FUNCTIONS)
