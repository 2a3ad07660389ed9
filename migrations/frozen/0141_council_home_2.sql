-- council_home_2(uuid, boolean, uuid, date)
create function app.council_home_2(p_authority_id uuid, p_is_lead boolean, p_person_id uuid, p_today date) returns json language plpgsql stable security invoker
set plan_cache_mode = force_generic_plan as $function$
begin
return json_build_array(
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17)) from (
SELECT authority.authority_id, authority.name, authority.short_name, authority.slug, authority.la_code, authority.contact_name, authority.contact_email, authority.contact_phone, authority.officer_phone, authority.officer_email, authority.out_of_hours_phone, authority.dpo_contact, authority.lawful_basis, authority.privacy_url, authority.brand_colour, authority.offer_days, authority.support_lines, authority.created_at 
FROM authority 
WHERE authority.authority_id = p_authority_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17)),
(select json_agg(json_build_array(c0)) from (
select identity.acting_people(NULL, 'named_officer') people
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)) from (
SELECT school.school_id, school.authority_id, school.urn, school.name, school.short_name, school.phase, school.controller_code, school.controller_name, school.stage, school.stage_changed_at, school.waiting_since, school.stage_reason, school.address, school.phone, school.contact_name, school.contact_role, school.contact_phone, school.contact_email, school.contact_deputy, school.dsl_name, school.dsl_phone, school.dsl_deputy, school.room, school.room_notes, school.planned_start_on, school.created_at 
FROM school 
WHERE school.school_id IN (SELECT school.school_id 
FROM school 
WHERE school.authority_id = p_authority_id::UUID)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT school_task.school_id, school_task.task 
FROM school_task 
WHERE school_task.school_id IN (SELECT school.school_id 
FROM school 
WHERE school.authority_id = p_authority_id::UUID) AND school_task.done_at IS NOT NULL
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT staff_member.school_id, bool_or(staff_member.accepted_at IS NOT NULL) AS bool_or_1 
FROM staff_member 
WHERE staff_member.school_id IN (SELECT school.school_id 
FROM school 
WHERE school.authority_id = p_authority_id::UUID) AND staff_member.role = 'school_lead'::VARCHAR AND staff_member.ended_at IS NULL GROUP BY staff_member.school_id
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT staff_member.school_id, staff_member.name, EXISTS (SELECT * 
FROM appointment 
WHERE appointment.school_id = staff_member.school_id AND appointment.person_id = staff_member.id AND appointment.kind = 'appoint'::VARCHAR AND appointment.basis = 'second_person'::VARCHAR AND appointment.agreed_at IS NULL AND appointment.stopped_at IS NULL) AS waits 
FROM staff_member 
WHERE staff_member.school_id IN (SELECT school.school_id 
FROM school 
WHERE school.authority_id = p_authority_id::UUID) AND staff_member.role = 'school_dsl'::VARCHAR AND staff_member.ended_at IS NULL ORDER BY staff_member.is_deputy, staff_member.name, staff_member.id
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0)) from (
select identity.schools_without_reader() ids
) r(c0)),
(select json_agg(json_build_array(c0)) from (
select identity.concerns_without_reader() waiting
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select distinct m.id, m.name, cast(null as uuid) as school_id from authority_contact_doubt d join authority_member m on m.authority_id = d.authority_id and m.id = d.person_id where d.authority_id = p_authority_id and d.said_at >= coalesce(m.invited_at, d.said_at) and m.accepted_at is null and m.ended_at is null union select m.id, m.name, m.school_id from authority_contact_doubt d join staff_member m on m.id = d.person_id where d.authority_id = p_authority_id and d.said_at >= coalesce(m.invited_at, d.said_at) and m.accepted_at is null and m.ended_at is null order by 2, 1
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5)) from (
select id, kind, name, role, asked_at, is_deputy from appointment where agreed_at is null and stopped_at is null and basis = 'second_person' union all select id, kind, name, role, asked_at, false from authority_appointment where agreed_at is null and stopped_at is null and basis = 'second_person' order by 5, 1
) r(c0, c1, c2, c3, c4, c5)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
SELECT authority_term.authority_id, authority_term.id, authority_term.name, authority_term.starts_on, authority_term.half_term_starts_on, authority_term.half_term_ends_on, authority_term.ends_on 
FROM authority_term 
WHERE authority_term.authority_id = p_authority_id::UUID ORDER BY authority_term.starts_on, authority_term.id
) r(c0, c1, c2, c3, c4, c5, c6)),
(select json_agg(json_build_array(c0)) from (
SELECT DISTINCT contact_with_school.school_id 
FROM contact_with_school JOIN (SELECT school_named.authority_id AS place, school_named.school_id AS school_id, school_named.school_id AS subject_id, school_named.name AS name 
FROM (SELECT school.school_id AS school_id, school.authority_id AS authority_id, school.name AS name 
FROM school) AS school_named) AS subject ON subject.school_id = contact_with_school.school_id AND subject.subject_id = contact_with_school.school_id LEFT OUTER JOIN (SELECT council_here.authority_id AS place, council_here.id AS id, council_here.name AS name, council_here.role AS role 
FROM (SELECT authority_member.authority_id AS authority_id, authority_member.id AS id, authority_member.name AS name, authority_member.role AS role 
FROM authority_member 
WHERE authority_member.role = 'authority_admin'::VARCHAR AND authority_member.accepted_at IS NOT NULL AND authority_member.ended_at IS NULL) AS council_here) AS here ON here.place = subject.place AND here.id = contact_with_school.owner_id 
WHERE subject.place = p_authority_id::UUID AND contact_with_school.state = 'open'::VARCHAR
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4)) from (
SELECT contact_with_school.school_id, subject.name, contact_with_school.action, contact_with_school.due_on, here.name AS name_1 
FROM contact_with_school JOIN (SELECT school_named.authority_id AS place, school_named.school_id AS school_id, school_named.school_id AS subject_id, school_named.name AS name 
FROM (SELECT school.school_id AS school_id, school.authority_id AS authority_id, school.name AS name 
FROM school) AS school_named) AS subject ON subject.school_id = contact_with_school.school_id AND subject.subject_id = contact_with_school.school_id LEFT OUTER JOIN (SELECT council_here.authority_id AS place, council_here.id AS id, council_here.name AS name, council_here.role AS role 
FROM (SELECT authority_member.authority_id AS authority_id, authority_member.id AS id, authority_member.name AS name, authority_member.role AS role 
FROM authority_member 
WHERE authority_member.role = 'authority_admin'::VARCHAR AND authority_member.accepted_at IS NOT NULL AND authority_member.ended_at IS NULL) AS council_here) AS here ON here.place = subject.place AND here.id = contact_with_school.owner_id 
WHERE subject.place = p_authority_id::UUID AND contact_with_school.state = 'open'::VARCHAR AND contact_with_school.due_on <= p_today::DATE AND (contact_with_school.owner_id = p_person_id::UUID OR p_is_lead AND here.id IS NULL) ORDER BY contact_with_school.due_on, contact_with_school.id 
 LIMIT 11::INTEGER
) r(c0, c1, c2, c3, c4)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21)) from (
SELECT document.school_id, document.id, document.kind, document.subject_id, document.cohort_id, document.parent_id, document.file_name, document.state, document.object_key, document.version_id, document.content_type, document.sha256, document.pages_sha256, document.named, document.size, document.problem, document.attempt, document.lease_until, document.next_at, document.created_at, document.ready_at, document.created_by 
FROM document 
WHERE document.kind = 'signed_agreement'::VARCHAR ORDER BY document.created_at DESC, document.id DESC
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT school.school_id, school.stage, (SELECT max(onboarding_event.at) AS max_1 
FROM onboarding_event 
WHERE onboarding_event.school_id = school.school_id AND onboarding_event.to_stage = 'prospect'::VARCHAR AND onboarding_event.from_stage IS NOT NULL) AS anon_1, agreement_review.school_id AS school_id_1, agreement_review.document_id, agreement_review.decision, agreement_review.reason, agreement_review.by_name, agreement_review.at, agreement_review.named 
FROM school LEFT OUTER JOIN agreement_review ON agreement_review.school_id = school.school_id 
WHERE school.authority_id = p_authority_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22)) from (
SELECT register_school.urn, register_school.name, register_school.la_code, register_school.la_name, register_school.phase, register_school.establishment_type, register_school.status, register_school.street, register_school.locality, register_school.town, register_school.postcode, register_school.phone, register_school.website, register_school.trust_code, register_school.trust_name, register_school.federation_code, register_school.federation_name, register_school.low_age, register_school.high_age, register_school.pupils, register_school.opened_on, register_school.closed_on, false AS is_open 
FROM register_school 
WHERE register_school.urn IN (SELECT school.urn 
FROM school 
WHERE school.authority_id = p_authority_id::UUID AND school.stage != 'left'::VARCHAR) AND register_school.la_code = (SELECT authority.la_code 
FROM authority 
WHERE authority.authority_id = p_authority_id::UUID) AND (NOT register_school.is_open OR register_school.closed_on <= p_today::DATE)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22)),
(select json_agg(json_build_array(c0)) from (
SELECT max(cohort_session.on_date) AS "on" 
FROM cohort_session JOIN cohort ON cohort.school_id = cohort_session.school_id AND cohort.id = cohort_session.cohort_id JOIN (SELECT school.school_id AS school_id, school.authority_id AS authority_id, school.name AS name 
FROM school) AS school_named ON school_named.school_id = cohort.school_id 
WHERE school_named.authority_id = p_authority_id::UUID AND cohort.state = 'closed'::VARCHAR AND cohort_session.state = 'closed'::VARCHAR GROUP BY cohort.school_id, cohort.id
) r(c0)),
(select json_agg(json_build_array(c0, c1)) from (
select school_id, stage from school where authority_id = p_authority_id
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select name, starts_on, ends_on from authority_term where authority_id = p_authority_id
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0)) from (
SELECT release_request.window_key 
FROM release_request 
WHERE release_request.authority_id = p_authority_id::UUID
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT release.id, release.window_key, release.state 
FROM release 
WHERE release.authority_id = p_authority_id::UUID AND release.state != 'withdrawn'::VARCHAR ORDER BY release.built_at DESC, release.id
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2, c3)) from (
SELECT school_activity.school_id, school_activity.facilitators, school_activity.cohorts, school_activity.computed_at 
FROM school_activity 
WHERE school_activity.school_id IN (SELECT school_named.school_id 
FROM (SELECT school.school_id AS school_id, school.authority_id AS authority_id, school.name AS name 
FROM school) AS school_named 
WHERE school_named.authority_id = p_authority_id::UUID) ORDER BY school_activity.school_id
) r(c0, c1, c2, c3)),
(select json_agg(json_build_array(c0, c1)) from (
select stage, tens from app.parents_in_tens()
) r(c0, c1)));
end$function$;
