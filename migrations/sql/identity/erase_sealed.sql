-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.erase_sealed()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_way integer := identity.my_way(); v_some integer; v_all integer := 0;
begin
  -- A parent may not read what was written before their fresh start, and may have it gone.
  if current_setting('role') <> 'wb_parent' then raise insufficient_privilege; end if;
  delete from public.answer_set s where s.school_id = app.school_id() and s.parent_id = app.person_id()
    and s.way < v_way;
  get diagnostics v_some = row_count; v_all := v_all + v_some;
  delete from public.topic_vote s where s.school_id = app.school_id() and s.parent_id = app.person_id()
    and s.way < v_way;
  get diagnostics v_some = row_count; v_all := v_all + v_some;
  delete from public.facilitator_application s where s.school_id = app.school_id() and s.parent_id = app.person_id()
    and s.way < v_way;
  get diagnostics v_some = row_count;
  return v_all + v_some;
end
$function$;
