"""Keep which account of a council's or school's own directory is whose.

A row says: who proves to be `subject` at `issuer` is this account. It is written when somebody who is signed in asks
for it, or with an invitation that nobody used before; never because two email addresses are alike. What must come back
from a directory (state, nonce) stands in the browser's session row, in a column that no page's save writes over.

Risk: none, the table and the column are new and nothing that is there changes.
Rejected: matching by email, which providers let people change; tenancy or role from a token.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import WEB, function, install

revision = "0015"
down_revision = "0014"

TABLE = """
create table identity.federated_identity (
  id uuid primary key, account_id uuid not null references identity.account,
  provider text not null check (length(provider) <= 30),
  issuer text not null check (length(issuer) between 1 and 255),
  subject text not null check (length(subject) between 1 and 255),
  created_at timestamptz not null default now(), last_used_at timestamptz,
  constraint federated_identity_is_one_account unique (issuer, subject));
create index federated_identity_by_account on identity.federated_identity (account_id);
alter table identity.browser_session add column journey jsonb;
"""

FUNCTIONS = (
    function(
        "put_journey",
        "p_hash bytea, p_id uuid, p_journey jsonb, p_expires_at timestamptz, p_idle interval",
        "void",
        """
begin
  insert into identity.browser_session as s (token_hash, id, journey, expires_at, idle)
    values (p_hash, p_id, p_journey, p_expires_at, p_idle)
    on conflict (token_hash) do update set journey = excluded.journey;
end""",
        WEB,
    ),
    function(
        "take_journey",
        "p_hash bytea, p_provider text, p_state text",
        "jsonb",
        """
declare v_found jsonb;
begin
  -- Once: of two that ask at the same moment one gets it. A wrong state takes nothing from the browser that began.
  select s.journey into v_found from identity.browser_session s where s.token_hash = p_hash
    and s.journey ->> 'provider' = p_provider and s.journey ->> 'state' = p_state for update;
  update identity.browser_session s set journey = null where s.token_hash = p_hash and v_found is not null;
  return v_found;
end""",
        WEB,
    ),
    function(
        "use_federated",
        "p_issuer text, p_subject text",
        "table (account_id uuid, membership_id uuid)",
        """
begin
  -- No row: nobody here has connected this. A row without a membership: nothing is open to them now.
  update identity.federated_identity f set last_used_at = now() where f.issuer = p_issuer and f.subject = p_subject
    returning f.account_id into account_id;
  if not found then return; end if;
  select m.id into membership_id from identity.membership m join identity.account a on a.id = m.account_id
    where m.account_id = use_federated.account_id and a.disabled_at is null and m.ended_at is null
      and m.role not in ('parent', 'facilitator') order by m.created_at, m.id limit 1;
  if found then
    insert into identity.sign_in_event (account_id, event) values (account_id, 'signed_in_elsewhere');
  end if;
  return next;
end""",
        WEB,
    ),
    function(
        "connect_federated",
        "p_hash bytea, p_id uuid, p_provider text, p_issuer text, p_subject text",
        "text",
        """
declare v_account uuid; v_holder uuid;
begin
  -- To the account of this browser's session and to no other.
  select s.account_id into v_account from identity.browser_session s
    join identity.account a on a.id = s.account_id and a.disabled_at is null
    join identity.membership m on m.id = s.membership_id and m.ended_at is null
    where s.token_hash = p_hash and m.role not in ('parent', 'facilitator');
  if v_account is null then return 'nobody'; end if;
  insert into identity.federated_identity (id, account_id, provider, issuer, subject)
    values (p_id, v_account, p_provider, p_issuer, p_subject)
    on conflict on constraint federated_identity_is_one_account do nothing;
  if found then
    insert into identity.sign_in_event (account_id, event) values (v_account, 'provider_connected');
    return 'connected';
  end if;
  select f.account_id into v_holder from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
  return case when v_holder = v_account then 'connected' else 'taken' end;
end""",
        WEB,
    ),
    function(
        "list_federated",
        "p_hash bytea",
        "table (has_password boolean, federated_id uuid, provider text, created_at timestamptz,"
        " last_used_at timestamptz)",
        """
begin
  -- At least one row, so that a page learns whether there is a password too.
  return query select a.password_hash is not null, f.id, f.provider, f.created_at, f.last_used_at
    from identity.browser_session s join identity.account a on a.id = s.account_id
    left join identity.federated_identity f on f.account_id = a.id
    where s.token_hash = p_hash order by f.created_at, f.id;
end""",
        WEB,
    ),
    function(
        "disconnect_federated",
        "p_hash bytea, p_id uuid, p_providers text[]",
        "text",
        """
declare v_account identity.account;
begin
  -- The account's row is held, so that two presses do not take both of the last two ways in.
  select a.* into v_account from identity.account a where a.id =
    (select s.account_id from identity.browser_session s where s.token_hash = p_hash) for update;
  if not exists (select from identity.federated_identity f where f.id = p_id and f.account_id = v_account.id) then
    return 'unknown';
  end if;
  if v_account.password_hash is null
    and not exists (select from identity.passkey k where k.account_id = v_account.id)
    and not exists (select from identity.federated_identity f
      where f.account_id = v_account.id and f.id <> p_id and f.provider = any (p_providers))
  then return 'last'; end if;
  delete from identity.federated_identity f where f.id = p_id and f.account_id = v_account.id;
  -- Whoever came in by it elsewhere is out.
  delete from identity.browser_session s where s.account_id = v_account.id and s.token_hash <> p_hash;
  insert into identity.sign_in_event (account_id, event) values (v_account.id, 'provider_disconnected');
  return 'disconnected';
end""",
        WEB,
    ),
    function(
        "accept_invitation_elsewhere",
        "p_hash bytea, p_id uuid, p_provider text, p_issuer text, p_subject text, p_account_id uuid,"
        " p_membership_id uuid",
        "table (outcome text, account_id uuid, membership_id uuid)",
        """
declare v_token identity.token; v_holder uuid; v_invited identity.account;
begin
  select * into v_token from identity.token t where t.token_hash = p_hash and t.purpose = 'staff_invitation'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > now() for update;
  if not found then outcome := 'over'; return next; return; end if;
  select f.account_id into v_holder from identity.federated_identity f
    where f.issuer = p_issuer and f.subject = p_subject;
  select * into v_invited from identity.account a where a.email = lower(v_token.address) for update;
  if v_holder is not null and v_invited.id is not null and v_invited.id <> v_holder then
    -- Two accounts are two people until their owner says otherwise; an address is no proof.
    outcome := 'taken'; return next; return;
  end if;
  account_id := coalesce(v_holder, v_invited.id);
  if exists (select from identity.account a where a.id = account_id and a.disabled_at is not null) then
    outcome := 'closed'; return next; return;
  end if;
  if v_holder is null and (v_invited.password_hash is not null or v_invited.totp_secret is not null
    or exists (select from identity.federated_identity f where f.account_id = v_invited.id)
    or exists (select from identity.passkey k where k.account_id = v_invited.id))
  then
    -- Whoever holds the link may not add a way in to an account that is guarded already: it is asked for from inside.
    outcome := 'guarded'; return next; return;
  end if;
  if account_id is null then
    insert into identity.account (id, email, name) values (p_account_id, lower(v_token.address), v_token.name);
    account_id := p_account_id;
  end if;
  if v_holder is null then
    insert into identity.federated_identity (id, account_id, provider, issuer, subject, last_used_at)
      values (p_id, accept_invitation_elsewhere.account_id, p_provider, p_issuer, p_subject, now())
      on conflict on constraint federated_identity_is_one_account do nothing;
    -- Somebody else connected it at this very moment.
    if not found then raise unique_violation using constraint = 'federated_identity_is_one_account'; end if;
    insert into identity.sign_in_event (account_id, event)
      values (accept_invitation_elsewhere.account_id, 'provider_connected');
  end if;
  update identity.token t set used_at = now() where t.token_hash = p_hash;
  select m.id into membership_id from identity.membership m
    where m.account_id = accept_invitation_elsewhere.account_id and m.role = v_token.role
      and m.person_id = v_token.person_id and m.ended_at is null;
  if not found then
    insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
      values (p_membership_id, accept_invitation_elsewhere.account_id, v_token.role, v_token.in_authority,
        v_token.in_school, v_token.person_id);
    membership_id := p_membership_id;
  end if;
  outcome := 'accepted';
  return next;
end""",
        WEB,
    ),
)


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("grant select, insert, update, delete on identity.federated_identity to wb_identity")
    install(FUNCTIONS)
