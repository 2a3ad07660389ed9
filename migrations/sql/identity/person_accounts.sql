-- Owned by wb_identity; called by wb_authority, wb_school.
CREATE OR REPLACE FUNCTION identity.person_accounts(p_people uuid[])
 RETURNS TABLE(person_id uuid, has_signed_in boolean, has_second_factor boolean, open_invitation boolean, invitation_until timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_all boolean := current_setting('role') = 'wb_authority';
begin
  -- For a list of people: who has arrived, and whose invitation is still open. No secrets, no addresses.
  return query select p.id,
      exists (select 1 from identity.membership m where m.person_id = p.id and m.in_authority = app.authority_id()
        and case when v_all then m.role not in ('parent', 'facilitator') else m.in_school = app.school_id() end
        and m.ended_at is null),
      exists (select 1 from identity.membership m join identity.account a on a.id = m.account_id
        where m.person_id = p.id and m.in_authority = app.authority_id()
        and case when v_all then m.role not in ('parent', 'facilitator') else m.in_school = app.school_id() end
        and a.totp_secret is not null),
      exists (select 1 from identity.token t where t.person_id = p.id and t.in_authority = app.authority_id()
        and case when v_all then t.role not in ('parent', 'facilitator') else t.in_school = app.school_id() end
        and t.used_at is null and t.cancelled_at is null and t.expires_at > app.now()),
      (select max(t.expires_at) from identity.token t where t.person_id = p.id
        and t.in_authority = app.authority_id()
        and case when v_all then t.role not in ('parent', 'facilitator') else t.in_school = app.school_id() end
        and t.cancelled_at is null)
    from unnest(p_people) p(id);
end

$function$;
