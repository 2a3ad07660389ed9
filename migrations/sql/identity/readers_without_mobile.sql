-- Owned by wb_identity; called by wb_authority, wb_officer, wb_school.
CREATE OR REPLACE FUNCTION identity.readers_without_mobile(p_school uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Who can read concerns there and gets no text of one: of one's own school, of a school of one's authority, or (no
  -- school) of the authority itself, which is all that its officers ask.
  if current_setting('role') in ('wb_school', 'wb_dsl') and p_school is distinct from app.school_id()
    or current_setting('role') = 'wb_officer' and p_school is not null
    or p_school is not null and p_school is distinct from app.school_id()
      and not p_school = any (app.authority_school_ids())
  then raise insufficient_privilege; end if;
  return coalesce((select array_agg(x) from unnest(identity.acting(
      case when p_school is null then 'named_officer' else 'school_dsl' end, app.authority_id(), p_school)) x
    where not exists (select from identity.membership m join identity.work_mobile w on w.account_id = m.account_id
      where m.person_id = x and m.ended_at is null)), '{}');
end
$function$;
