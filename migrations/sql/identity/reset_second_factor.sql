-- Owned by wb_identity; called by wb_authority, wb_school.
CREATE OR REPLACE FUNCTION identity.reset_second_factor(p_person_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid;
begin
  -- A colleague of the same school, or the authority for its own people, lets somebody set up a new phone.
  select m.account_id into v_account from identity.membership m
    where m.person_id = p_person_id and m.ended_at is null and m.in_authority = app.authority_id()
      and m.person_id is distinct from app.person_id()
      and ((current_setting('role') in ('wb_school', 'wb_dsl') and m.in_school = app.school_id())
        or current_setting('role') = 'wb_authority');
  if v_account is null then return false; end if;
  update identity.account a set totp_secret = null, totp_last_step = 0 where a.id = v_account;
  delete from identity.recovery_code c where c.account_id = v_account;
  -- A lost phone may hold one. What keeps their pages as a parent theirs is no colleague's to take away.
  delete from identity.passkey k where k.account_id = v_account and k.at_work;
  delete from identity.browser_session s where s.account_id = v_account;
  insert into identity.sign_in_event (account_id, event) values (v_account, 'second_factor_reset');
  perform identity.tell_at_work('work_app_reset', v_account);
  return true;
end
$function$;
