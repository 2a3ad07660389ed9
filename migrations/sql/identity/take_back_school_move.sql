-- Owned by wb_identity; called by wb_parent.
CREATE OR REPLACE FUNCTION identity.take_back_school_move()
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$

declare v_account uuid := (select m.account_id from identity.membership m
  where m.id = identity.pressing_membership() and m.role = 'parent');
begin
  if v_account is null then return 'nobody'; end if;
  -- Who takes them into the list at this moment is first or second: then it is read.
  delete from public.signup g using identity.school_move v join identity.membership m on m.id = v.membership_id
    where m.account_id = v_account and g.school_id = v.in_school and g.id = v.signup_id and g.accepted_at is null;
  return case when found then 'taken_back' when exists (select from identity.school_move v
    join identity.membership m on m.id = v.membership_id where m.account_id = v_account) then 'read' else 'gone' end;
end
$function$;
