-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.my_school_move()
 RETURNS TABLE(school_name text, asked_at timestamp with time zone, first_name text, last_name text, email text, phone text, language text, is_read boolean, has_page boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  return query select s.name, v.asked_at, g.first_name, g.last_name, g.email, g.phone, g.language,
      g.accepted_at is not null,
      exists (select from identity.membership o where o.account_id = mine.account_id and o.role = 'parent'
        and o.in_school = v.in_school and o.person_id = g.parent_id and o.ended_at is null)
    from identity.membership mine
    join identity.membership m on m.account_id = mine.account_id
    join identity.school_move v on v.membership_id = m.id
    join public.signup g on g.school_id = v.in_school and g.id = v.signup_id
    join public.school s on s.school_id = v.in_school
    where mine.id = identity.pressing_membership() and mine.role = 'parent'
    order by g.accepted_at is not null, v.asked_at desc, v.signup_id limit 1;
end
$function$;
