-- Owned by wb_identity; called by nobody else.
CREATE OR REPLACE FUNCTION identity.brought_in(p_first uuid, p_second uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  -- Accounts. Whether the first brought in the second: invited them, or somebody who did, and so on.
  return exists (with recursive above(account_id) as (
      select b.account_id from identity.membership o join identity.vouched v on v.person_id = o.person_id
        join identity.membership b on b.person_id = v.by_person_id where o.account_id = p_second
      union select b.account_id from above join identity.membership o on o.account_id = above.account_id
        join identity.vouched v on v.person_id = o.person_id
        join identity.membership b on b.person_id = v.by_person_id)
    select from above where above.account_id = p_first);
end
$function$;
