-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.is_first_session(p_session_at timestamp with time zone, p_member_at timestamp with time zone, p_account uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- The browser that opened the invitation, and not whoever asked for a link a minute later on the same phone.
  return p_session_at < p_member_at + interval '15 minutes' and (select count(*) from identity.sign_in_event e
    where e.account_id = p_account and e.event = 'session_started') = 1;
end
$function$;
