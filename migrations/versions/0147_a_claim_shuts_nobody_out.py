"""A number that somebody typed on a public page guards nobody's pages before they have come in themselves.

Anybody can write another person's mobile on a school's sign-up page. Taken into the list by staff, that row made the
number a shared one, and whoever had it before them was shut out of their own pages until they chose a PIN. The word of
staff stays as it was: they met somebody, and read what their tick does. A claim of a public page counts from the
moment when its person has used a link of their own; `joiner_shares` tells the other one then.

Risk: until then a link asked for from a shared phone opens the first one's pages without a PIN, as it did before the
other wrote. Rejected: the same for whomever staff add (who reads that phone is known then, and the first to open a
link would choose the PIN); a warning alone.
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, install, replace

revision = "0147"
down_revision = "0146"

CLAIMED = function(
    "only_claimed",
    "p_school uuid, p_parent uuid",
    "boolean",
    """
begin
  -- They came into the list by a public page, where anybody may write anything, and have not come in themselves.
  return exists (select from public.parent_event e where e.school_id = p_school and e.parent_id = p_parent
      and e.from_stage is null and e.how in ('signed_up', 'passed_on'))
    and not exists (select from identity.membership m where m.in_school = p_school and m.person_id = p_parent);
end""",
    (),
)
SHARED = function(
    "is_shared",
    "p_account uuid, p_channel text, p_address text",
    "boolean",
    """
begin
  if coalesce(p_address, '') = '' then return false; end if;
  -- Somebody else comes in by this address: who holds the phone is not yet one of the two.
  return exists (select from identity.account a where a.id <> p_account and a.disabled_at is null
    and ((p_channel = 'email' and a.email = p_address) or (p_channel = 'sms' and a.phone = p_address))
    and exists (select from identity.membership m where m.account_id = a.id and m.ended_at is null
      and m.role in ('parent', 'facilitator')))
  -- Or a school, any school, writes to somebody else there. Who leads is the parent that they were before.
  or exists (select from public.parent_contact c
    where ((p_channel = 'email' and c.email = p_address) or (p_channel = 'sms' and c.phone = p_address))
    and not exists (select from identity.membership m left join public.facilitator f
      on f.school_id = m.in_school and f.id = m.person_id
      where m.account_id = p_account and m.in_school = c.school_id and c.parent_id in (m.person_id, f.parent_id))
    and not identity.only_claimed(c.school_id, c.parent_id))
  or exists (select from public.facilitator f
    where ((p_channel = 'email' and f.email = p_address) or (p_channel = 'sms' and f.phone = p_address))
    and not exists (select from identity.membership m where m.account_id = p_account and m.in_school = f.school_id
      and m.person_id in (f.id, f.parent_id)));
end""",
    (),
)
CONTACT = function(
    "contact_is_shared",
    "",
    "trigger",
    """
declare v_own uuid[]; v_all boolean := tg_op = 'INSERT';
begin
  -- Whose row it is shares it with nobody; who leads is the parent that they were before.
  if tg_table_name = 'parent_contact' then
    if identity.only_claimed(new.school_id, new.parent_id) then return new; end if;
    select array_agg(m.account_id) into v_own from identity.membership m left join public.facilitator f
      on f.school_id = m.in_school and f.id = m.person_id
      where m.in_school = new.school_id and new.parent_id in (m.person_id, f.parent_id);
  else
    select array_agg(m.account_id) into v_own from identity.membership m where m.in_school = new.school_id
      and m.person_id in (new.id, new.parent_id);
    v_all := v_all or new.parent_id is distinct from old.parent_id;
  end if;
  if v_all or new.email is distinct from old.email then
    perform identity.note_sharer('email', new.email, v_own);
  end if;
  if v_all or new.phone is distinct from old.phone then
    perform identity.note_sharer('sms', new.phone, v_own);
  end if;
  return new;
end""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("grant select (how) on parent_event to wb_identity")
    install((CLAIMED,))
    replace((SHARED, CONTACT))
