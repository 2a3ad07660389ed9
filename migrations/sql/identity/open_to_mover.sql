-- Owned by wb_identity; called by wb_school.
CREATE OR REPLACE FUNCTION identity.open_to_mover(p_signup uuid, p_new_membership uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_person uuid; v_mover identity.membership;
begin
  if current_setting('role') not in ('wb_school', 'wb_dsl') or not identity.is_pressed() then return false; end if;
  select g.parent_id into v_person from public.signup g where g.school_id = app.school_id() and g.id = p_signup
    and g.link_id is null and g.is_new and g.accepted_at is not null;
  -- Whoever pressed has been the same person there ever since: not where their way in was ended, or made anew.
  select m.* into v_mover from identity.school_move v
    join identity.membership m on m.id = v.membership_id and m.ended_at is null and m.role = 'parent'
      and m.in_authority = app.authority_id()
    join identity.account a on a.id = m.account_id and a.disabled_at is null
    where v.in_school = app.school_id() and v.signup_id = p_signup;
  if v_person is null or v_mover.id is null then return false; end if;
  -- As whoever uses a link of theirs holds them. Nobody has ever come in as this person, or said anything as them:
  -- staff write these rows, and may not open by them what is somebody's.
  perform pg_advisory_xact_lock(hashtextextended(v_person::text, 0));
  if not exists (select from public.parent p where p.school_id = app.school_id() and p.id = v_person
      and p.stage = 'identified')
    or not identity.only_claimed(app.school_id(), v_person)
    or exists (select from public.parent_event e where e.school_id = app.school_id() and e.parent_id = v_person
      and (e.from_stage is not null or e.how <> 'own_account'))
    or exists (select from identity.membership m where m.account_id = v_mover.account_id and m.role = 'parent'
      and m.in_school = app.school_id() and m.ended_at is null)
  then return false; end if;
  -- A stop that they sent stops the same number, and the same address, here.
  update public.parent_contact c set
      texts_stopped_at = case when c.phone = o.phone then o.texts_stopped_at end,
      emails_stopped_at = case when c.email = o.email then o.emails_stopped_at end
    from public.parent_contact o where c.school_id = app.school_id() and c.parent_id = v_person
      and o.school_id = v_mover.in_school and o.parent_id = v_mover.person_id;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_new_membership, v_mover.account_id, 'parent', v_mover.in_authority, app.school_id(), v_person);
  insert into identity.sign_in_event (account_id, event) values (v_mover.account_id, 'other_school_opened');
  return true;
end
$function$;
