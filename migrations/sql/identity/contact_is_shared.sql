-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.contact_is_shared()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

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

$function$;
