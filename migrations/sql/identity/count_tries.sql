-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.count_tries(p_kind text, p_key bytea, p_windows interval[], p_limits integer[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_wait integer := 0; v_freed timestamptz;
begin
  -- Nought while there are tries left in every window, else the seconds to wait. A refused try is not counted.
  perform pg_advisory_xact_lock(hashtextextended(p_kind || encode(p_key, 'hex'), 0));
  for i in 1 .. cardinality(p_windows) loop
    -- The try that has to leave the window before there is room for another.
    select t.at + p_windows[i] into v_freed from identity.attempt t
      where t.kind = p_kind and t.key_hash = p_key and t.at > app.now() - p_windows[i]
      order by t.at desc offset p_limits[i] - 1 limit 1;
    if found then v_wait := greatest(v_wait, 1, ceil(extract(epoch from v_freed - app.now()))::integer); end if;
  end loop;
  if v_wait = 0 then insert into identity.attempt (kind, key_hash, at) values (p_kind, p_key, app.now()); end if;
  return v_wait;
end
$function$;
