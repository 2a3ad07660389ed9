-- Owned by wb_identity; called by wb_signin.
CREATE OR REPLACE FUNCTION identity.peek_token(p_hash bytea, p_browser_hash bytea)
 RETURNS TABLE(purpose text, role text, name text, first_name text, invited_by text, channel text, authority_name text, school_name text, is_used boolean, is_over boolean, bound_elsewhere boolean, is_again boolean, contact_phone text, account_email text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- `is_again`: this very person has the role already. Of anybody else at the address nothing is said.
  -- `account_email`: where a password is chosen, and only while it can be: under what a password manager keeps it.
  return query select t.purpose, t.role, t.name,
      case when t.purpose = 'parent_invitation'
        then identity.first_name_of(t.role, t.in_school, t.person_id, t.name) else t.name end,
      t.invited_by, t.channel, g.name, k.name, t.used_at is not null,
      t.expires_at <= app.now() or t.cancelled_at is not null,
      t.browser_hash is not null and t.browser_hash is distinct from p_browser_hash,
      t.purpose = 'staff_invitation' and app.accounts_of(t.person_id, t.role) <> '{}',
      coalesce(nullif(k.contact_phone, ''), g.contact_phone),
      case when t.purpose in ('staff_invitation', 'password_reset') and t.channel = 'email' and t.used_at is null
        and t.cancelled_at is null and t.expires_at > app.now() then t.address else '' end
    from identity.token t left join public.authority g on g.authority_id = t.in_authority
    left join public.school k on k.school_id = t.in_school
    where t.token_hash = p_hash and t.purpose <> 'notice';
end
$function$;
