-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.use_link(p_hash bytea, p_browser_hash bytea, p_account_id uuid, p_membership_id uuid, p_session_hash bytea)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token; v_account uuid; v_membership uuid; v_one record;
begin
  -- One statement decides who was first; a second press finds nothing to use.
  update identity.token t set used_at = app.now() where t.token_hash = p_hash and t.used_at is null
    and t.cancelled_at is null and t.expires_at > app.now() and t.purpose in ('parent_invitation', 'sign_in')
    and (t.browser_hash is null or t.browser_hash = p_browser_hash)
    -- A letter's own opens nothing for whoever is signed in nowhere.
    and (t.channel <> 'letter' or p_session_hash is not null)
    -- And a session that has ended uses nothing up.
    and (p_session_hash is null or exists (select from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now()))
    returning * into used;
  if not found then return null; end if;
  if used.purpose = 'sign_in' then
    select m.id into v_membership from identity.membership m where m.account_id = used.account_id
      and m.ended_at is null and m.role in ('parent', 'facilitator')
      order by (m.in_school = used.in_school) desc, m.created_at desc, m.id limit 1;
    return v_membership;
  end if;
  -- An invitation makes somebody's account, or adds to the one that it is for, or to the one that is signed in here.
  -- It never looks for an account by an address, changes none, and moves nothing.
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  if used.account_id is not null then
    v_account := used.account_id;
  elsif exists (select from identity.membership m where m.person_id = used.person_id and m.role = used.role) then
    return null;
  elsif p_session_hash is not null then
    select s.account_id into v_account from identity.browser_session s
      join identity.membership m on m.id = s.membership_id and m.ended_at is null
      where s.token_hash = p_session_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
    if v_account is null then return null; end if;
  else
    if used.role = 'facilitator' and not identity.may_open_leading(used.in_school, used.person_id) then
      return null;
    end if;
    insert into identity.account (id, email, email_since, phone, phone_since, name)
      values (p_account_id, case when used.channel = 'email' then used.address end,
        case when used.channel = 'email' then app.now() end, case when used.channel = 'sms' then used.address end,
        case when used.channel = 'sms' then app.now() end, used.name);
    v_account := p_account_id;
  end if;
  v_membership := identity.take_offer(p_hash, v_account, p_membership_id);
  -- Whoever holds a letter comes in by any address. Where the school knows others alone, those hear of it: a letter may
  -- have been opened by somebody else at their door.
  if v_membership is not null and (used.channel = 'letter' or used.subject_id is not null) then
    for v_one in select o.channel, o.address from public.parent_contact c
        cross join lateral (values ('email', c.email), ('sms', c.phone)) o(channel, address)
      where c.school_id = used.in_school and c.parent_id = used.person_id and o.address <> ''
        and not exists (select from identity.account a where a.id = v_account
          and (a.email in (c.email, c.phone) or a.phone in (c.email, c.phone)))
    loop
      perform identity.tell_address('letter_opened', used.in_authority, used.in_school, v_one.channel, v_one.address,
        split_part(btrim(used.name), ' ', 1));
    end loop;
  end if;
  -- They came in by an address that they gave for their letter: where the school knew none, that is it.
  if v_membership is not null and used.subject_id is not null then
    update public.parent_contact c set
        email = case when used.channel = 'email' and c.email = '' then used.address else c.email end,
        phone = case when used.channel = 'sms' and c.phone = '' then used.address else c.phone end
      where c.school_id = used.in_school and c.parent_id = used.person_id;
  end if;
  return v_membership;
end
$function$;
