-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.take_offer(p_hash bytea, p_account_id uuid, p_membership_id uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare used identity.token;
begin
  -- By the link or by *Change role*: the same rule. Somebody who leads stands where they have pages of their own; and
  -- nobody holds a role twice. What ended gives nothing and bars nobody who is offered it anew at their own account; an
  -- invitation without an account is for whoever never had one.
  select t.* into used from identity.token t where t.token_hash = p_hash;
  perform pg_advisory_xact_lock(hashtextextended(used.person_id::text, 0));
  if exists (select from identity.membership m where m.person_id = used.person_id and m.role = used.role
      and (m.ended_at is null or used.account_id is null))
    or (used.role = 'facilitator' and not identity.may_open_leading(used.in_school, used.person_id))
    or exists (select from identity.account a where a.id = p_account_id and a.disabled_at is not null)
  then return null; end if;
  insert into identity.membership (id, account_id, role, in_authority, in_school, person_id)
    values (p_membership_id, p_account_id, used.role, used.in_authority, used.in_school, used.person_id);
  -- What else waits for this person would open what is theirs now.
  update identity.token t set cancelled_at = app.now() where t.person_id = used.person_id and t.role = used.role
    and t.purpose = 'parent_invitation' and t.used_at is null and t.cancelled_at is null;
  insert into identity.sign_in_event (account_id, event) values (p_account_id, 'invitation_accepted');
  return p_membership_id;
end
$function$;
