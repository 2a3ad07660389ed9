-- Owned by wb_owner; called by nobody else.
CREATE OR REPLACE FUNCTION app.keys_never_move()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if current_user not in ('wb_authority', 'wb_officer', 'wb_school', 'wb_dsl', 'wb_facilitator', 'wb_parent',
    'wb_commissioner') then return new; end if;
  for i in 0 .. tg_nargs - 1 loop
    if to_jsonb(old) -> tg_argv[i] is distinct from to_jsonb(new) -> tg_argv[i] then
      raise insufficient_privilege using message = tg_table_name || '.' || tg_argv[i] || ' never moves';
    end if;
  end loop;
  return new;
end
$function$;
