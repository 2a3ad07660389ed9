-- Owned by wb_identity; called by wb_web.
CREATE OR REPLACE FUNCTION identity.open_session(p_hash bytea)
 RETURNS TABLE(session_id uuid, data jsonb, account_id uuid, account_name text, account_email text, membership_id uuid, role text, authority_id uuid, school_id uuid, person_id uuid, authority_name text, school_name text, other_memberships bigint, has_second_factor boolean, shares_address boolean, brand_colour text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- A membership that has ended, or a disabled account, is nobody at once; what was typed stays in the session.
  return query
    select s.id, s.data, a.id, a.name, a.email, m.id, m.role, m.in_authority, m.in_school, m.person_id,
      g.name,
      (select k.name from public.school k where k.school_id = m.in_school),
      (select count(*) from identity.membership o
        where o.account_id = a.id and o.ended_at is null and o.id is distinct from m.id),
      a.totp_secret is not null,
      case when m.role in ('parent', 'facilitator') then identity.shares_address(a.id) else false end,
      g.brand_colour
    from identity.browser_session s
    left join identity.account a on a.id = s.account_id and a.disabled_at is null
    left join identity.membership m on m.id = s.membership_id and m.account_id = a.id and m.ended_at is null
    left join public.authority g on g.authority_id = m.in_authority
    where s.token_hash = p_hash and s.expires_at > app.now() and s.last_seen_at + s.idle > app.now();
end
$function$;
