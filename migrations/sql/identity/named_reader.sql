-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.named_reader(p_school uuid, p_is_deputy boolean)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_since timestamptz; v_named jsonb;
begin
  -- Who reads concerns by the agreement that the council accepted last, as names are compared; null without one. What
  -- was agreed before the school left and came back has ended.
  select coalesce(max(e.at), '-infinity') into v_since from public.onboarding_event e
    where e.school_id = p_school and e.to_stage = 'prospect' and e.from_stage is not null;
  select r.named into v_named from public.agreement_review r
    where r.school_id = p_school and r.decision = 'accepted' and r.at > v_since order by r.at desc limit 1;
  return nullif(identity.plain_name(
    v_named ->> case when p_is_deputy then 'school_dsl_deputy' else 'school_dsl' end), '');
end
$function$;
