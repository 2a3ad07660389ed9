-- Owned by wb_identity; called by wb_dispatch.
CREATE OR REPLACE FUNCTION identity.confirmed_channels(p_ids uuid[])
 RETURNS TABLE(id uuid, channel text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Of parents of this school: where messages go that is also where they proved to be themselves.
  return query
    select c.parent_id, w.channel from public.parent_contact c
      join identity.membership m on m.person_id = c.parent_id and m.role = 'parent' and m.in_school = c.school_id
        and m.ended_at is null
      join identity.account a on a.id = m.account_id
      cross join lateral (values ('email', c.email, a.email, a.email_since), ('sms', c.phone, a.phone, a.phone_since))
        w(channel, contact, own, since)
      where c.school_id = app.school_id() and c.parent_id = any (p_ids) and w.contact <> '' and w.contact = w.own
        and identity.proves(w.since, a.created_at);
end
$function$;
