-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.joiner_shares()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account identity.account;
begin
  select a.* into v_account from identity.account a where a.id = new.account_id;
  perform identity.note_sharer('email', v_account.email, array[new.account_id]);
  perform identity.note_sharer('sms', v_account.phone, array[new.account_id]);
  return new;
end
$function$;
