-- Owned by wb_identity; called by wb_owner.
CREATE OR REPLACE FUNCTION identity.guard_factor()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_done boolean := false;
begin
  if new.totp_secret is not null or current_setting('role') not in ('wb_school', 'wb_dsl', 'wb_authority')
  then return new; end if;
  if not exists (select from identity.membership m where m.account_id = new.id and m.ended_at is null
    and (identity.is_guarded(m.role, current_setting('role')) or m.in_authority is distinct from app.authority_id()
      or (current_setting('role') <> 'wb_authority' and m.in_school is distinct from app.school_id())))
  then return new; end if;
  update public.appointment a set done_at = app.now() where a.kind = 'reset' and a.stopped_at is null
    and a.done_at is null and a.begins_at <= app.now() and a.begins_at > app.now() - interval '7 days'
    and new.id = any (app.accounts_of(a.person_id, a.role));
  v_done := found;
  update public.authority_appointment a set done_at = app.now() where a.kind = 'reset' and a.stopped_at is null
    and a.done_at is null and a.begins_at <= app.now() and a.begins_at > app.now() - interval '7 days'
    and new.id = any (app.accounts_of(a.person_id, a.role));
  if not (v_done or found) then
    raise check_violation using constraint = 'reset_takes_two', message = 'a second person agrees first';
  end if;
  return new;
end
$function$;
