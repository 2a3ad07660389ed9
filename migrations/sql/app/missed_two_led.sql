-- Owned by wb_helper; called by wb_facilitator.
CREATE OR REPLACE FUNCTION app.missed_two_led(p_since date, p_today date)
 RETURNS TABLE(cohort_id uuid, parent_id uuid, next_session_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT m.cohort_id,
     m.parent_id,
     m.next_session_id
    FROM app.missed_two(missed_two_led.p_since, missed_two_led.p_today) m(cohort_id, parent_id, next_session_id)
   WHERE (m.cohort_id = ANY (( SELECT app.led_cohort_ids() AS led_cohort_ids)::uuid[]));
END;
