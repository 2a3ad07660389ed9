-- Owned by wb_identity; called by wb_documents, wb_school.
CREATE OR REPLACE FUNCTION identity.only_passed_on()
 RETURNS TABLE(parent_id uuid, said_at timestamp with time zone, organisation text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select g.parent_id, g.said_at, l.organisation from public.signup g
    join public.signup_link l on l.school_id = g.school_id and l.id = g.link_id and l.kind <> 'page'
    join public.parent p on p.school_id = g.school_id and p.id = g.parent_id and p.stage in ('identified', 'invited')
    join public.parent_contact c on c.school_id = g.school_id and c.parent_id = g.parent_id
      and c.texts_stopped_at is null and c.emails_stopped_at is null
    where g.school_id = app.school_id() and g.is_new
      and not exists (select from public.parent_event e where e.school_id = g.school_id and e.parent_id = g.parent_id
        and (e.by_side = 'parent' or e.to_stage not in ('identified', 'invited')
          or e.from_stage not in ('identified', 'invited')))
      and not exists (select from public.signup o left join public.signup_link k on k.school_id = o.school_id
        and k.id = o.link_id where o.school_id = g.school_id and o.parent_id = g.parent_id
        and (o.link_id is null or k.kind = 'page'))
      and not exists (select from public.contact_doubt d where d.school_id = g.school_id
        and d.person_kind = 'parent' and d.person_id = g.parent_id and d.settled_at is null)
      and not exists (select from identity.membership m where m.person_id = g.parent_id);
end
$function$;
