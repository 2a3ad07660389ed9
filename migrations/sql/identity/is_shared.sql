-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_shared(p_account uuid, p_channel text, p_address text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

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
end
$function$;
