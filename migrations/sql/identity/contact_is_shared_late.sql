-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.contact_is_shared_late()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_own uuid[];
begin
  -- With the commit. Of many at once the first row holds all addresses; whoever came in meanwhile is seen by then.
  if coalesce(current_setting('app.sharing', true), '') = 'later' then
    perform pg_advisory_xact_lock(hashtextextended('sharing', 0));
    perform set_config('app.sharing', 'held', true);
  end if;
  if not exists (select from identity.account a where a.email = new.email)
      and not exists (select from identity.account a where a.phone = new.phone) then
    return null;
  end if;
  select array_agg(m.account_id) into v_own from identity.membership m left join public.facilitator f
    on f.school_id = m.in_school and f.id = m.person_id
    where m.in_school = new.school_id and new.parent_id in (m.person_id, f.parent_id);
  perform identity.note_sharer('email', new.email, v_own);
  perform identity.note_sharer('sms', new.phone, v_own);
  return null;
end
$function$;
