-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.drop_address(p_hash bytea, p_channel text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_member identity.membership; v_account identity.account; v_gone text;
begin
  -- From a browser that has just shown who sits there. One of two goes; the last one never.
  select m.* into v_member from identity.browser_session s join identity.membership m on m.id = s.membership_id
    where s.token_hash = p_hash and s.expires_at > app.now() and s.confirmed_at > app.now() - interval '30 minutes'
      and m.ended_at is null and m.role in ('parent', 'facilitator');
  if v_member.id is null then return false; end if;
  select a.* into v_account from identity.account a where a.id = v_member.account_id and a.disabled_at is null
    for update;
  if v_account.email is null or v_account.phone is null or p_channel not in ('email', 'sms') then return false; end if;
  v_gone := case p_channel when 'email' then v_account.email else v_account.phone end;
  update identity.account a set
      email = case when p_channel = 'email' then null else a.email end,
      email_since = case when p_channel = 'email' then null else a.email_since end,
      phone = case when p_channel = 'sms' then null else a.phone end,
      phone_since = case when p_channel = 'sms' then null else a.phone_since end
    where a.id = v_account.id;
  -- No message goes there any more; what staff have noted instead stays.
  update public.parent_contact c set
      email = case when p_channel = 'email' and c.email = v_gone then '' else c.email end,
      phone = case when p_channel = 'sms' and c.phone = v_gone then '' else c.phone end
    from identity.membership m where m.account_id = v_account.id and m.ended_at is null and m.role = 'parent'
      and c.school_id = m.in_school and c.parent_id = m.person_id;
  update public.facilitator f set email = case when p_channel = 'email' and f.email = v_gone then '' else f.email end,
      phone = case when p_channel = 'sms' and f.phone = v_gone then '' else f.phone end
    from identity.membership m where m.account_id = v_account.id and m.ended_at is null and m.role = 'facilitator'
      and f.school_id = m.in_school and f.id = m.person_id;
  -- What was on its way there opens nothing, and whoever sits elsewhere is out.
  update identity.token t set cancelled_at = app.now() where t.account_id = v_account.id
    and t.purpose in ('sign_in', 'confirm', 'move') and t.used_at is null and t.cancelled_at is null;
  delete from identity.browser_session s where s.account_id = v_account.id and s.token_hash <> p_hash;
  perform identity.tell_address('way_in_changed', v_member.in_authority, v_member.in_school, p_channel, v_gone,
    identity.first_name_of(v_member.role, v_member.in_school, v_member.person_id, v_account.name));
  insert into identity.sign_in_event (account_id, event) values (v_account.id, 'way_in_dropped');
  return true;
end

$function$;
