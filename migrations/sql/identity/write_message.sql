-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.write_message(p_authority uuid, p_school uuid, p_kind text, p_channel text, p_person uuid, p_key text, p_days integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Ids alone. To a school's people through its outbox, to the council's through theirs; the same once.
  if p_school is null then
    insert into public.authority_outbox (authority_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key,
        state, attempt, next_at, not_after, problem, created_at)
      values (p_authority, gen_random_uuid(), p_kind, p_channel, 'member', p_person, p_key, 'queued', 0, app.now(),
        app.now() + make_interval(days => p_days), '', app.now())
      on conflict do nothing;
  else
    insert into public.outbox (school_id, id, kind, channel, recipient_kind, recipient_id, dedupe_key, state, attempt,
        next_at, not_after, problem, created_at)
      values (p_school, gen_random_uuid(), p_kind, p_channel, 'staff', p_person, p_key, 'queued', 0, app.now(),
        app.now() + make_interval(days => p_days), '', app.now())
      on conflict do nothing;
  end if;
end
$function$;
