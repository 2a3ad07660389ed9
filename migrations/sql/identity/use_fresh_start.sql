-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_fresh_start(p_hash bytea, p_account_id uuid, p_membership_id uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token; v_old identity.membership; v_leads uuid;
begin
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.purpose = 'fresh_start'
    and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now() and t.not_before <= app.now()
    returning * into used;
  if not found then return null; end if;
  update public.fresh_start f set ended_at = app.now(), ended = 'done' where f.school_id = used.in_school
    and f.id = used.subject_id and f.ended_at is null and f.agreed_at is not null and f.opens_at <= app.now();
  if not found then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  -- The old way in ends, here and nowhere else. The new one is a generation later: what was written before stays shut.
  update identity.membership m set ended_at = app.now() where m.person_id = used.person_id and m.role = used.role
    and m.in_school = used.in_school and m.ended_at is null returning * into v_old;
  if v_old.id is null then return null; end if;
  delete from identity.browser_session s where s.membership_id = v_old.id;
  -- Whoever also leads here is one person: the old telephone opens those pages no more.
  for v_leads in
    update identity.membership m set ended_at = app.now() from public.facilitator f
      where used.role = 'parent' and m.role = 'facilitator' and m.in_school = used.in_school and m.ended_at is null
        and f.school_id = used.in_school and f.parent_id = used.person_id and m.person_id = f.id returning m.id
  loop
    delete from identity.browser_session s where s.membership_id = v_leads;
  end loop;
  perform identity.step_back(used.in_school, used.person_id, used.role);
  update identity.token t set cancelled_at = app.now() where t.account_id = v_old.account_id
    and t.in_school = used.in_school and t.used_at is null and t.cancelled_at is null;
  insert into identity.account (id, email, email_since, phone, phone_since, name)
    select p_account_id, case when used.channel = 'email' then used.address end,
      case when used.channel = 'email' then app.now() end, case when used.channel = 'sms' then used.address end,
      case when used.channel = 'sms' then app.now() end, a.name from identity.account a where a.id = v_old.account_id;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id, generation)
    values (p_membership_id, p_account_id, v_old.role, v_old.in_authority, v_old.in_school, v_old.person_id,
      v_old.generation + 1);
  -- An application that was not sent is their own words, and nothing that anybody waits for.
  delete from public.application_draft d where used.role = 'parent' and d.school_id = used.in_school
    and d.parent_id = used.person_id;
  -- Whoever has the old telephone reads no more of where the group meets.
  update public.parent_contact c set email = case when used.channel = 'email' then used.address else '' end,
      phone = case when used.channel = 'sms' then used.address else '' end
    where used.role = 'parent' and c.school_id = used.in_school and c.parent_id = used.person_id;
  update public.facilitator f set email = case when used.channel = 'email' then used.address else '' end,
      phone = case when used.channel = 'sms' then used.address else '' end
    where f.school_id = used.in_school and case used.role when 'facilitator' then f.id else f.parent_id end
      = used.person_id;
  insert into identity.sign_in_event (account_id, event) values (v_old.account_id, 'fresh_start_from'),
    (p_account_id, 'fresh_start');
  return p_membership_id;
end
$function$;
