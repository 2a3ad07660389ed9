-- tonight_page_2(uuid, uuid, uuid, uuid)
create function app.tonight_page_2(p_authority_id uuid, p_person_id uuid, p_school_id uuid, p_session_id uuid) returns json language plpgsql stable security invoker
set plan_cache_mode = force_generic_plan as $function$
declare
p_cohort_id uuid := (select c2 from (
SELECT cohort_session.school_id, cohort_session.id, cohort_session.cohort_id, cohort_session.number, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, cohort_session.room, cohort_session.state, cohort_session.topic, cohort_session.moved_from, cohort_session.moved_from_starts_at, cohort_session.change_reason, cohort_session.closed_at, cohort_session.notes_taken_back_at, cohort_session.revision, cohort_session.changed_at 
FROM cohort_session 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort_session.id = p_session_id::UUID AND (EXISTS (SELECT cohort_facilitator.cohort_id 
FROM cohort_facilitator 
WHERE cohort_facilitator.school_id = cohort_session.school_id AND cohort_facilitator.cohort_id = cohort_session.cohort_id AND cohort_facilitator.facilitator_id = p_person_id::UUID))
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16));
begin
return json_build_array(
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)) from (
SELECT cohort_session.school_id, cohort_session.id, cohort_session.cohort_id, cohort_session.number, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, cohort_session.room, cohort_session.state, cohort_session.topic, cohort_session.moved_from, cohort_session.moved_from_starts_at, cohort_session.change_reason, cohort_session.closed_at, cohort_session.notes_taken_back_at, cohort_session.revision, cohort_session.changed_at 
FROM cohort_session 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort_session.id = p_session_id::UUID AND (EXISTS (SELECT cohort_facilitator.cohort_id 
FROM cohort_facilitator 
WHERE cohort_facilitator.school_id = cohort_session.school_id AND cohort_facilitator.cohort_id = cohort_session.cohort_id AND cohort_facilitator.facilitator_id = p_person_id::UUID))
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)),
(select json_agg(json_build_array(c0, c1, c2, c3)) from (
SELECT enrolment.parent_id, enrolment.joined_at, enrolment.left_at, enrolment.status 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id = p_cohort_id::UUID
) r(c0, c1, c2, c3)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT attendance.parent_id, attendance.mark, attendance.marked_at 
FROM attendance 
WHERE attendance.school_id = p_school_id::UUID AND attendance.session_id = p_session_id::UUID
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0)) from (
SELECT absence_notice.parent_id 
FROM absence_notice 
WHERE absence_notice.school_id = p_school_id::UUID AND absence_notice.session_id = p_session_id::UUID
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT parent_contact.school_id, parent_contact.parent_id, parent_contact.first_name, parent_contact.last_name, parent_contact.known_as, parent_contact.email, parent_contact.phone, parent_contact.language, parent_contact.interpreter, parent_contact.access_needs, parent_contact.texts_stopped_at, parent_contact.emails_stopped_at 
FROM parent_contact 
WHERE parent_contact.school_id = p_school_id::UUID AND parent_contact.parent_id IN (SELECT enrolment.parent_id 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id = p_cohort_id::UUID)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select parent_id, name, known_as from app.names_of_left(p_session_id)
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT attendance.parent_id, attendance.session_id, attendance.mark 
FROM attendance 
WHERE attendance.school_id = p_school_id::UUID AND attendance.cohort_id = p_cohort_id::UUID
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT first_visit_wish.parent_id, first_visit_wish.wishes 
FROM first_visit_wish 
WHERE first_visit_wish.school_id = p_school_id::UUID AND first_visit_wish.cohort_id = p_cohort_id::UUID
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT learning_notes.school_id, learning_notes.id, learning_notes.cohort_id, learning_notes.session_id, learning_notes.main_points, learning_notes.try_at_home, learning_notes.links, learning_notes.state, learning_notes.updated_at, learning_notes.sent_at 
FROM learning_notes 
WHERE learning_notes.school_id = p_school_id::UUID AND learning_notes.session_id = p_session_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)) from (
SELECT cohort_session.school_id, cohort_session.id, cohort_session.cohort_id, cohort_session.number, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, cohort_session.room, cohort_session.state, cohort_session.topic, cohort_session.moved_from, cohort_session.moved_from_starts_at, cohort_session.change_reason, cohort_session.closed_at, cohort_session.notes_taken_back_at, cohort_session.revision, cohort_session.changed_at 
FROM cohort_session 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort_session.cohort_id = p_cohort_id::UUID ORDER BY cohort_session.on_date, cohort_session.number
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT cohort.format, cohort_join_link.link, (SELECT array_agg(cohort_session.id ORDER BY cohort_session.number) AS array_agg_1 
FROM cohort_session 
WHERE cohort_session.school_id = cohort.school_id AND cohort_session.cohort_id = cohort.id AND cohort_session.state = 'planned'::VARCHAR AND cohort_session.format IN ('online'::VARCHAR, 'both'::VARCHAR)) AS online 
FROM cohort LEFT OUTER JOIN cohort_join_link ON cohort_join_link.school_id = cohort.school_id AND cohort_join_link.cohort_id = cohort.id 
WHERE cohort.school_id = p_school_id::UUID AND cohort.id = p_cohort_id::UUID
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT facilitator.school_id, facilitator.id, facilitator.parent_id, facilitator.name, facilitator.email, facilitator.phone, facilitator.kind, facilitator.stage, facilitator.stage_changed_at, facilitator.created_at 
FROM facilitator 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.id = p_person_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)) from (
SELECT school.school_id, school.authority_id, school.urn, school.name, school.short_name, school.phase, school.controller_code, school.controller_name, school.stage, school.stage_changed_at, school.waiting_since, school.stage_reason, school.address, school.phone, school.contact_name, school.contact_role, school.contact_phone, school.contact_email, school.contact_deputy, school.dsl_name, school.dsl_phone, school.dsl_deputy, school.room, school.room_notes, school.planned_start_on, school.created_at 
FROM school 
WHERE school.school_id = p_school_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)),
(select json_agg(json_build_array(c0)) from (
SELECT school_closed_day.on_date 
FROM school_closed_day 
WHERE school_closed_day.school_id = p_school_id::UUID UNION SELECT authority_closed_day.on_date 
FROM authority_closed_day 
WHERE authority_closed_day.authority_id = p_authority_id::UUID
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
SELECT authority_term.authority_id, authority_term.id, authority_term.name, authority_term.starts_on, authority_term.half_term_starts_on, authority_term.half_term_ends_on, authority_term.ends_on 
FROM authority_term 
WHERE authority_term.authority_id = p_authority_id::UUID ORDER BY authority_term.starts_on, authority_term.id
) r(c0, c1, c2, c3, c4, c5, c6)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select route, person_id, name from identity.readers()
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT school_numbers.dsl_phone, school_numbers.officer_phone, school_numbers.out_of_hours_phone 
FROM (SELECT school.school_id AS school_id, school.authority_id AS authority_id, school.dsl_phone AS dsl_phone, authority.officer_phone AS officer_phone, authority.out_of_hours_phone AS out_of_hours_phone 
FROM school JOIN authority ON authority.authority_id = school.authority_id) AS school_numbers 
WHERE school_numbers.school_id = p_school_id::UUID AND school_numbers.authority_id = p_authority_id::UUID
) r(c0, c1, c2)));
end$function$;
