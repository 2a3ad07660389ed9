-- Owned by wb_helper; called by nobody else.
CREATE OR REPLACE FUNCTION app.authority_outbox_takes_place()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.authority_outbox o set state = 'held_back', problem = 'superseded'
    where o.authority_id = new.authority_id and o.recipient_kind = new.recipient_kind
      and o.recipient_id = new.recipient_id and o.channel = new.channel and o.topic = new.topic
      and o.state = 'queued' and o.id < new.id;
  return new;
end
$function$;
