-- Owned by wb_helper; called by wb_authority.
CREATE OR REPLACE FUNCTION app.remove_school(p_school uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform 1 from public.school s where s.school_id = p_school and s.stage = 'prospect'
    and s.authority_id = (select app.authority_id());
  if not found or exists (select 1 from public.onboarding_event e
      where e.school_id = p_school and e.from_stage is not null) then
    return false;
  end if;
  delete from public.audit_event a where a.school_id = p_school;
  delete from public.onboarding_event e where e.school_id = p_school;
  delete from public.school s where s.school_id = p_school;
  return true;
exception when foreign_key_violation then
  return false;
end $function$;
