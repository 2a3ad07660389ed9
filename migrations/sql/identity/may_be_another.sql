-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.may_be_another(p_account uuid, p_session_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Nothing is there to guard: whoever answers the invitation chooses.
  if not identity.has_begun(p_account) then return false; end if;
  -- Somebody else got this address after this account was made and before this browser came in: it may be theirs.
  -- Whoever joined later had the question at joining, and could write nothing private without a key.
  return exists (select from identity.account a where a.id = p_account and a.shared_from <= p_session_at)
  -- Or somebody who had it already has joined since.
  or exists (select from identity.account a join identity.account o on o.id <> a.id and o.disabled_at is null
      and ((o.email = a.email and greatest(coalesce(o.email_since, o.created_at), a.email_since) > a.created_at
          and greatest(coalesce(o.email_since, o.created_at), a.email_since) <= p_session_at)
        or (o.phone = a.phone and greatest(coalesce(o.phone_since, o.created_at), a.phone_since) > a.created_at
          and greatest(coalesce(o.phone_since, o.created_at), a.phone_since) <= p_session_at))
    where a.id = p_account and exists (select from identity.membership m where m.account_id = o.id
      and m.ended_at is null and m.role in ('parent', 'facilitator')));
end
$function$;
