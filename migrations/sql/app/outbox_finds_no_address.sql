-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.outbox_finds_no_address()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare v_address text;
begin
  if new.recipient_kind = 'parent' then
    select case new.channel when 'email' then c.email else c.phone end into v_address
      from public.parent_contact c where c.school_id = new.school_id and c.parent_id = new.recipient_id;
  else
    select case new.channel when 'email' then f.email else f.phone end into v_address
      from public.facilitator f where f.school_id = new.school_id and f.id = new.recipient_id;
  end if;
  -- Who is not there at all is judged by whoever sends.
  if v_address = '' then
    update public.outbox o set state = 'held_back', problem = 'no_address'
      where o.school_id = new.school_id and o.id = new.id and o.state = 'queued';
  end if;
  return null;
end
$function$;
