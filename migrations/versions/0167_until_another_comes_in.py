"""Take a mover for an entry of their new school only until somebody else comes in as that entry.

Staff say "this one is them", and may be wrong; nothing took it back. Whoever comes in as the entry by another account
shows that they are two: from then on a number of both is shared, as anybody's. Replaces `identity.is_shared` and
`identity.contact_is_shared`.

Risk: none, two functions. Rejected: a page that takes it back (staff find out when the other comes in, as we do).
"""

from __future__ import annotations

from alembic import op

from migrations.functions import function, replace

revision = "0167"
down_revision = "0166"

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
    and not exists (select from identity.mover_entry w where w.school_id = c.school_id and w.parent_id = c.parent_id
      and w.account_id = p_account and not exists (select from identity.membership m
        where m.person_id = w.parent_id and m.account_id <> w.account_id and m.ended_at is null))
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
  -- Of many at once, whose addresses no account has: the look with the commit asks the same (`contact_is_shared_late`).
  if tg_table_name = 'parent_contact' and tg_op = 'INSERT'
      and coalesce(current_setting('app.sharing', true), '') = 'later'
      and not exists (select from identity.account a where a.email = new.email)
      and not exists (select from identity.account a where a.phone = new.phone) then
    return new;
  end if;
  -- Whose row it is shares it with nobody; who leads is the parent that they were before.
  if tg_table_name = 'parent_contact' then
    if identity.only_claimed(new.school_id, new.parent_id) then return new; end if;
    select array_agg(m.account_id) into v_own from identity.membership m left join public.facilitator f
      on f.school_id = m.in_school and f.id = m.person_id
      where m.in_school = new.school_id and new.parent_id in (m.person_id, f.parent_id);
    select coalesce(v_own, '{}') || coalesce(array_agg(w.account_id), '{}') into v_own from identity.mover_entry w
      where w.school_id = new.school_id and w.parent_id = new.parent_id
        and not exists (select from identity.membership m
          where m.person_id = w.parent_id and m.account_id <> w.account_id and m.ended_at is null);
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
end
""",
    (),
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    replace((SHARED, CONTACT))
