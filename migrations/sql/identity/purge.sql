-- Owned by wb_identity; called by wb_documents.
CREATE OR REPLACE FUNCTION identity.purge()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

begin
  delete from identity.browser_session s where s.expires_at < app.now() or s.last_seen_at + s.idle < app.now();
  delete from identity.kept_form k where k.until < app.now();
  delete from identity.attempt t where t.at < app.now() - interval '2 days';
  delete from identity.token t where t.expires_at < app.now() - interval '90 days';
  delete from identity.sign_in_event e where e.at < app.now() - interval '1 year'
    or (e.account_id is null and e.at < app.now() - interval '2 days');
end
$function$;
