-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.ask_other_school(p_signup uuid, p_school uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_mine identity.membership; v_from public.parent_contact; v_waits uuid;
begin
  select m.* into v_mine from identity.membership m
    where m.id = identity.pressing_membership() and m.role = 'parent';
  if v_mine.id is null or current_setting('role') <> 'wb_parent' then return 'nobody'; end if;
  -- Pressed in two windows they come one after the other.
  perform pg_advisory_xact_lock(hashtextextended('school_move:' || v_mine.account_id, 0));
  -- An old telephone may be reading: nothing goes anywhere while somebody asks for a new way in.
  if exists (select from public.fresh_start f where f.school_id = v_mine.in_school and f.person_id = v_mine.person_id
    and f.waits_until > app.now() and f.ended is distinct from 'stopped' and f.ended is distinct from 'taken_back')
  then return 'held'; end if;
  select v.in_school into v_waits from identity.school_move v
    join identity.membership m on m.id = v.membership_id and m.account_id = v_mine.account_id
    join public.signup g on g.school_id = v.in_school and g.id = v.signup_id and g.accepted_at is null limit 1;
  if v_waits = p_school then return 'asked_before'; end if;
  if v_waits is not null then return 'waits'; end if;
  if p_school = v_mine.in_school or not exists (select from public.school s where s.school_id = p_school
    and s.authority_id = v_mine.in_authority and s.stage = 'active') then return 'closed'; end if;
  if exists (select from identity.membership o where o.account_id = v_mine.account_id and o.role = 'parent'
    and o.in_school = p_school and o.ended_at is null) then return 'here'; end if;
  select c.first_name, c.last_name, c.email, c.phone, c.language
    into v_from.first_name, v_from.last_name, v_from.email, v_from.phone, v_from.language
    from public.parent_contact c where c.school_id = v_mine.in_school and c.parent_id = v_mine.person_id;
  insert into public.signup (school_id, id, first_name, last_name, email, phone, language)
    values (p_school, p_signup,
      left(coalesce(nullif(btrim(v_from.first_name), ''), btrim(v_from.last_name)), 100),
      left(case when btrim(v_from.first_name) = '' then '' else v_from.last_name end, 100),
      v_from.email, v_from.phone, v_from.language);
  insert into identity.school_move (in_school, signup_id, membership_id) values (p_school, p_signup, v_mine.id);
  return 'asked';
end
$function$;
