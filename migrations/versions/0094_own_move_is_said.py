"""Tell the address at which somebody was reached that they sign in another way now, not that the school changed it.

Who moved their way in by four words had a mail at the old address: "Somebody at the school changed where your messages
go. How you sign in has not changed." Neither was so.

Risk: none; the same address is told at the same moment, in words that are true.
Rejected: a kind of message of its own, which would say the same.
"""

from __future__ import annotations

from migrations.functions import SIGNIN, function, replace

revision = "0094"
down_revision = "0093"

MOVE = function(
    "use_move",
    "p_hash bytea, p_code_hash bytea",
    "uuid",
    """
declare used identity.token; v_account identity.account; v_old text; v_membership uuid; v_one record;
begin
  update identity.token t set used_at = app.now() where t.purpose = 'move' and t.browser_hash = p_hash
    and t.code_hash = p_code_hash and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()
    returning * into used;
  if not found then return null; end if;
  select a.* into v_account from identity.account a where a.id = used.account_id and a.disabled_at is null for update;
  select m.id into v_membership from identity.membership m where m.account_id = used.account_id
    and m.ended_at is null and m.role in ('parent', 'facilitator')
    order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
  if v_account.id is null or v_membership is null then return null; end if;
  v_old := case used.channel when 'email' then v_account.email else v_account.phone end;
  if v_old is not distinct from used.address then return v_membership; end if;
  update identity.account a set
      email = case when used.channel = 'email' then used.address else a.email end,
      email_since = case when used.channel = 'email' then app.now() else a.email_since end,
      phone = case when used.channel = 'sms' then used.address else a.phone end,
      phone_since = case when used.channel = 'sms' then app.now() else a.phone_since end
    where a.id = used.account_id;
  -- Where messages go moves along, whatever stood there: they have just said so themselves. What stood there is told.
  for v_one in
    select c.school_id, case used.channel when 'email' then c.email else c.phone end as address
      from public.parent_contact c join identity.membership m on m.account_id = used.account_id
        and m.ended_at is null and m.role = 'parent' and c.school_id = m.in_school and c.parent_id = m.person_id
  loop
    if v_one.address not in ('', coalesce(v_old, ''), used.address) then
      perform identity.tell_address('way_in_changed', used.in_authority, v_one.school_id, used.channel, v_one.address,
        used.name);
    end if;
  end loop;
  update public.parent_contact c set email = case used.channel when 'email' then used.address else c.email end,
      phone = case used.channel when 'sms' then used.address else c.phone end
    from identity.membership m where m.account_id = used.account_id and m.ended_at is null and m.role = 'parent'
      and c.school_id = m.in_school and c.parent_id = m.person_id;
  update public.facilitator f set email = case used.channel when 'email' then used.address else f.email end,
      phone = case used.channel when 'sms' then used.address else f.phone end
    from identity.membership m where m.account_id = used.account_id and m.ended_at is null and m.role = 'facilitator'
      and f.school_id = m.in_school and f.id = m.person_id;
  -- What was on its way to the old one opens nothing, and whoever sits elsewhere is out.
  update identity.token t set cancelled_at = app.now() where t.account_id = used.account_id
    and t.purpose in ('sign_in', 'confirm', 'move') and t.used_at is null and t.cancelled_at is null;
  delete from identity.browser_session s where s.account_id = used.account_id and s.token_hash <> p_hash;
  perform identity.tell_address('way_in_changed', used.in_authority, used.in_school, used.channel, v_old, used.name);
  perform identity.tell_address('way_in_changed', used.in_authority, used.in_school,
    case used.channel when 'email' then 'sms' else 'email' end,
    case used.channel when 'email' then v_account.phone else v_account.email end, used.name);
  insert into identity.sign_in_event (account_id, event) values (used.account_id, 'way_in_moved');
  return v_membership;
end
""",
    SIGNIN,
)


def upgrade() -> None:
    replace((MOVE,))
