-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.named_readers(p_school uuid)
 RETURNS text[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_since timestamptz; v_sent timestamptz; v_named jsonb;
begin
  -- Who reads concerns by the agreement that the council accepted; while it accepted none, by the newest paper that was
  -- there when the signed one was sent. What was agreed before the school left and came back has ended.
  select coalesce(max(e.at), '-infinity') into v_since from public.onboarding_event e
    where e.school_id = p_school and e.to_stage = 'prospect' and e.from_stage is not null;
  select r.named into v_named from public.agreement_review r
    where r.school_id = p_school and r.decision = 'accepted' and r.at > v_since order by r.at desc limit 1;
  if not found then
    select max(d.created_at) into v_sent from public.document d
      where d.school_id = p_school and d.kind = 'signed_agreement' and d.state <> 'refused' and d.created_at > v_since
        and not exists (select from public.agreement_review r where r.school_id = d.school_id
          and r.document_id = d.id);
    select d.named into v_named from public.document d
      where d.school_id = p_school and d.kind = 'agreement' and d.state = 'ready' and d.created_at > v_since
        and coalesce(d.ready_at, d.created_at) <= coalesce(v_sent, 'infinity')
      order by d.created_at desc, d.id desc limit 1;
  end if;
  return array_remove(array_remove(array[lower(btrim(v_named ->> 'school_dsl')),
    lower(btrim(v_named ->> 'school_dsl_deputy'))], ''), null);
end
$function$;
