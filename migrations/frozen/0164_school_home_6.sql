-- school_home_6(uuid, boolean, timestamptz, uuid, uuid, time, date)
create function app.school_home_6(p_authority_id uuid, p_is_lead boolean, p_now timestamptz, p_person_id uuid, p_school_id uuid, p_time time, p_today date) returns json language plpgsql stable security invoker
set plan_cache_mode = force_generic_plan as $function$
begin
return json_build_array(
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)) from (
SELECT school.school_id, school.authority_id, school.urn, school.name, school.short_name, school.phase, school.controller_code, school.controller_name, school.stage, school.stage_changed_at, school.waiting_since, school.stage_reason, school.address, school.phone, school.contact_name, school.contact_role, school.contact_phone, school.contact_email, school.contact_deputy, school.dsl_name, school.dsl_phone, school.dsl_deputy, school.room, school.room_notes, school.planned_start_on, school.created_at 
FROM school 
WHERE school.school_id = p_school_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)),
(select json_agg(json_build_array(c0)) from (
SELECT school.stage 
FROM school 
WHERE school.school_id = p_school_id::UUID
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)) from (
SELECT staff_member.school_id, staff_member.id, staff_member.name, staff_member.email, staff_member.phone, staff_member.role, staff_member.is_deputy, staff_member.job_title, staff_member.invited_at, staff_member.accepted_at, staff_member.ended_at 
FROM staff_member 
WHERE staff_member.school_id = p_school_id::UUID AND staff_member.ended_at IS NULL ORDER BY staff_member.role != 'school_lead'::VARCHAR, staff_member.name, staff_member.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)),
(select json_agg(json_build_array(c0)) from (
select identity.acting_people(p_school_id, 'facilitator') people
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select distinct m.id, m.name, m.school_id from contact_doubt d join staff_member m on m.school_id = d.school_id and m.id = d.person_id where d.school_id = p_school_id and d.person_kind = 'staff' and d.said_at >= coalesce(m.invited_at, d.said_at) and m.accepted_at is null and m.ended_at is null order by m.name, m.id
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2, c3)) from (
SELECT authority_closed_day.authority_id, authority_closed_day.id, authority_closed_day.on_date, authority_closed_day.reason 
FROM authority_closed_day 
WHERE authority_closed_day.authority_id = p_authority_id::UUID ORDER BY authority_closed_day.on_date, authority_closed_day.id
) r(c0, c1, c2, c3)),
(select json_agg(json_build_array(c0, c1, c2, c3)) from (
SELECT school_closed_day.school_id, school_closed_day.id, school_closed_day.on_date, school_closed_day.reason 
FROM school_closed_day 
WHERE school_closed_day.school_id = p_school_id::UUID ORDER BY school_closed_day.on_date, school_closed_day.id
) r(c0, c1, c2, c3)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
SELECT authority_term.authority_id, authority_term.id, authority_term.name, authority_term.starts_on, authority_term.half_term_starts_on, authority_term.half_term_ends_on, authority_term.ends_on 
FROM authority_term 
WHERE authority_term.authority_id = p_authority_id::UUID ORDER BY authority_term.starts_on, authority_term.id
) r(c0, c1, c2, c3, c4, c5, c6)),
(select json_agg(json_build_array(c0)) from (
SELECT school_closed_day.on_date 
FROM school_closed_day 
WHERE school_closed_day.school_id = p_school_id::UUID UNION SELECT authority_closed_day.on_date 
FROM authority_closed_day 
WHERE authority_closed_day.authority_id = p_authority_id::UUID
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select route, person_id, name from identity.readers()
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT school_numbers.dsl_phone, school_numbers.officer_phone, school_numbers.out_of_hours_phone 
FROM (SELECT school.school_id AS school_id, school.authority_id AS authority_id, school.dsl_phone AS dsl_phone, authority.officer_phone AS officer_phone, authority.out_of_hours_phone AS out_of_hours_phone 
FROM school JOIN authority ON authority.authority_id = school.authority_id) AS school_numbers 
WHERE school_numbers.school_id = p_school_id::UUID AND school_numbers.authority_id = p_authority_id::UUID
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT parent.stage, count(*) AS count_1 
FROM parent 
WHERE parent.school_id = p_school_id::UUID GROUP BY parent.stage
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15)) from (
SELECT parent.id, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS trim_1, parent.stage, parent.stage_changed_at, parent_contact.phone, parent_contact.email, parent_contact.language, parent_contact.interpreter, parent_contact.texts_stopped_at IS NOT NULL AS anon_1, coalesce(recruitment_profile.year_group, ''::VARCHAR) AS coalesce_1, coalesce(recruitment_profile.next_step, ''::VARCHAR) AS coalesce_3, parent.joined_at, parent_contact.access_needs, coalesce(recruitment_profile.needs, ''::VARCHAR) AS coalesce_5, parent.said_yes_at IS NOT NULL AS anon_2, parent_contact.emails_stopped_at IS NOT NULL AS anon_3 
FROM parent JOIN parent_contact ON parent_contact.school_id = parent.school_id AND parent_contact.parent_id = parent.id LEFT OUTER JOIN recruitment_profile ON recruitment_profile.school_id = parent.school_id AND recruitment_profile.parent_id = parent.id 
WHERE parent.school_id = p_school_id::UUID AND parent.stage = ANY ('{interested}'::VARCHAR[]) ORDER BY CASE parent.stage WHEN 'interested'::VARCHAR THEN 0::INTEGER WHEN 'identified'::VARCHAR THEN 1::INTEGER WHEN 'waiting'::VARCHAR THEN 2::INTEGER WHEN 'joined'::VARCHAR THEN 3::INTEGER WHEN 'invited'::VARCHAR THEN 4::INTEGER WHEN 'in_group'::VARCHAR THEN 5::INTEGER WHEN 'graduated'::VARCHAR THEN 6::INTEGER WHEN 'said_no'::VARCHAR THEN 7::INTEGER WHEN 'left'::VARCHAR THEN 8::INTEGER ELSE 9::INTEGER END, parent.stage_changed_at, parent.id 
 LIMIT 5 OFFSET 0
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15)),
(select json_agg(json_build_array(c0, c1, c2, c3)) from (
select f.person_id, f.asked_by_name, c.first_name, c.last_name from fresh_start f join parent_contact c on c.school_id = f.school_id and c.parent_id = f.person_id where f.school_id = p_school_id and f.role = 'parent' and f.ended_at is null and f.agreed_at is null and f.id in (select s.fresh_start_id from identity.fresh_start_seconds() s where s.person_id = p_person_id) order by f.asked_at limit 5
) r(c0, c1, c2, c3)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
select f.id, f.person_id, f.stopped_from, f.ended_at, s.may_settle, c.first_name, c.last_name from identity.stopped_starts() s join fresh_start f on f.school_id = p_school_id and f.id = s.fresh_start_id join parent_contact c on c.school_id = f.school_id and c.parent_id = f.person_id where f.role = 'parent' order by f.ended_at limit 5
) r(c0, c1, c2, c3, c4, c5, c6)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select distinct on (d.person_id) d.person_id, c.first_name, c.last_name from contact_doubt d join parent_contact c on c.school_id = d.school_id and c.parent_id = d.person_id where d.school_id = p_school_id and d.settled_at is null and d.person_kind = 'parent' and d.address in (c.email, c.phone) order by d.person_id, d.said_at limit 10
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)) from (
SELECT parent.id, parent_contact.email, parent_contact.phone, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, (SELECT array_agg(consent.kind) AS array_agg_1 
FROM consent 
WHERE consent.school_id = parent.school_id AND consent.parent_id = parent.id AND consent.given) AS agreed, group_wish.days, group_wish.times, group_wish.format, group_wish.needs, group_wish.by_name 
FROM parent JOIN parent_contact ON parent_contact.school_id = parent.school_id AND parent_contact.parent_id = parent.id LEFT OUTER JOIN group_wish ON group_wish.school_id = parent.school_id AND group_wish.parent_id = parent.id 
WHERE parent.school_id = p_school_id::UUID AND parent.stage IN ('joined'::VARCHAR, 'waiting'::VARCHAR) ORDER BY coalesce(parent.joined_at, parent.stage_changed_at), parent.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)),
(select json_agg(json_build_array(c0, c1, c2, c3)) from (
SELECT count(*) FILTER (WHERE parent.joined_at IS NOT NULL OR parent.stage IN ('left'::VARCHAR, 'said_no'::VARCHAR) OR parent.invited_at <= p_now::TIMESTAMP WITH TIME ZONE - '21 days 0:00:00'::interval) AS asked, count(*) FILTER (WHERE parent.joined_at >= parent.invited_at) AS joined, CAST(percentile_cont(0.9) WITHIN GROUP (ORDER BY EXTRACT(epoch FROM parent.joined_at - parent.invited_at)) FILTER (WHERE parent.joined_at >= parent.invited_at) AS FLOAT) AS seconds, count(*) FILTER (WHERE NOT (parent.joined_at IS NOT NULL OR parent.stage IN ('left'::VARCHAR, 'said_no'::VARCHAR) OR parent.invited_at <= p_now::TIMESTAMP WITH TIME ZONE - '21 days 0:00:00'::interval)) AS open_asked 
FROM parent 
WHERE parent.school_id = p_school_id::UUID AND parent.invited_at IS NOT NULL AND parent.stage != 'identified'::VARCHAR
) r(c0, c1, c2, c3)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT signup_link.school_id, signup_link.id, signup_link.kind, signup_link.organisation, signup_link.open_until, signup_link.made_at, signup_link.made_by_name, signup_link.closed_at, signup_link.ended_at, signup_link.used 
FROM signup_link 
WHERE signup_link.school_id = p_school_id::UUID AND signup_link.kind = 'page'::VARCHAR AND signup_link.ended_at IS NULL
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT count(*) AS waiting, min(signup.said_at) AS first 
FROM signup 
WHERE signup.school_id = p_school_id::UUID AND signup.accepted_at IS NULL
) r(c0, c1)),
(select json_agg(json_build_array(c0)) from (
SELECT count(DISTINCT paper.parent_id) AS count_1 
FROM (SELECT document.school_id AS school_id, document.id AS id, document.kind AS kind, document.parent_id AS parent_id, document.state AS state, document.created_at AS created_at 
FROM document) AS paper 
WHERE paper.school_id = p_school_id::UUID AND paper.kind = 'invitation_letter'::VARCHAR AND paper.state != 'refused'::VARCHAR AND paper.created_at > p_now::TIMESTAMP WITH TIME ZONE - '28 days 0:00:00'::interval AND (EXISTS (SELECT * 
FROM (SELECT parent.school_id AS school_id, parent.id AS parent_id, parent.stage AS stage 
FROM parent) AS parent_stage 
WHERE parent_stage.school_id = paper.school_id AND parent_stage.parent_id = paper.parent_id AND parent_stage.stage IN ('identified'::VARCHAR, 'interested'::VARCHAR, 'invited'::VARCHAR))) AND NOT (EXISTS (SELECT * 
FROM (SELECT contact_with_parent.school_id AS school_id, contact_with_parent.parent_id AS parent_id, contact_with_parent.how AS how, contact_with_parent.outcome AS outcome, contact_with_parent.at AS at 
FROM contact_with_parent) AS contact_noted 
WHERE contact_noted.school_id = paper.school_id AND contact_noted.parent_id = paper.parent_id AND contact_noted.how = 'letter'::VARCHAR AND contact_noted.outcome IN ('posted'::VARCHAR, 'handed_over'::VARCHAR) AND contact_noted.at >= paper.created_at)) AND ((EXISTS (SELECT * 
FROM identity.open_letters(ARRAY[paper.id]) AS anon_1)) OR NOT (EXISTS (SELECT * 
FROM identity.linked_letters(ARRAY[paper.id]) AS anon_2)))
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT place_offer.id, place_offer.parent_id, contact.name, place_offer.state, place_offer.answer_by, place_offer.offered_at, place_offer.by_name, place_offer.ended_at, place_offer.ended_by_name, place_offer.cohort_id, cohort.name AS group_name, cohort.offers_on 
FROM place_offer JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = place_offer.school_id AND contact.parent_id = place_offer.parent_id JOIN cohort ON cohort.school_id = place_offer.school_id AND cohort.id = place_offer.cohort_id JOIN (SELECT parent.school_id AS school_id, parent.id AS parent_id, parent.stage AS stage 
FROM parent) AS parent_stage ON parent_stage.school_id = place_offer.school_id AND parent_stage.parent_id = place_offer.parent_id 
WHERE place_offer.school_id = p_school_id::UUID AND (place_offer.state = 'open'::VARCHAR OR (place_offer.state IN ('declined'::VARCHAR, 'lapsed'::VARCHAR) AND parent_stage.stage IN ('joined'::VARCHAR, 'waiting'::VARCHAR) OR place_offer.state = 'withdrawn'::VARCHAR AND parent_stage.stage = 'left'::VARCHAR) AND place_offer.ended_by_name = ''::VARCHAR AND place_offer.ended_at > p_now::TIMESTAMP WITH TIME ZONE - '3 days 0:00:00'::interval AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR) AND (cohort.places - (SELECT count(*) AS count_1 
FROM enrolment AS enrolment_1 
WHERE enrolment_1.school_id = cohort.school_id AND enrolment_1.cohort_id = cohort.id AND enrolment_1.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR))) - (SELECT count(*) AS count_2 
FROM place_offer AS place_offer_1 
WHERE place_offer_1.school_id = cohort.school_id AND place_offer_1.cohort_id = cohort.id AND place_offer_1.state = 'open'::VARCHAR) > 0::INTEGER AND (EXISTS (SELECT * 
FROM cohort_session 
WHERE cohort_session.school_id = cohort.school_id AND cohort_session.cohort_id = cohort.id AND cohort_session.state = 'planned'::VARCHAR AND cohort_session.on_date >= p_today::DATE))) UNION ALL SELECT enrolment.id, enrolment.parent_id, contact.name, 'given_back'::VARCHAR AS anon_1, cohort.first_on, enrolment.joined_at, ''::VARCHAR AS anon_2, enrolment.left_at, ''::VARCHAR AS anon_3, enrolment.cohort_id, cohort.name AS name_1, cohort.offers_on 
FROM enrolment JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = enrolment.school_id AND contact.parent_id = enrolment.parent_id JOIN (SELECT parent.school_id AS school_id, parent.id AS parent_id, parent.stage AS stage 
FROM parent) AS parent_stage ON parent_stage.school_id = enrolment.school_id AND parent_stage.parent_id = enrolment.parent_id JOIN cohort ON cohort.school_id = enrolment.school_id AND cohort.id = enrolment.cohort_id 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.status = 'left'::VARCHAR AND enrolment.left_at > p_now::TIMESTAMP WITH TIME ZONE - '3 days 0:00:00'::interval AND parent_stage.stage IN ('joined'::VARCHAR, 'waiting'::VARCHAR) AND (SELECT parent_event.by_side 
FROM parent_event 
WHERE parent_event.school_id = enrolment.school_id AND parent_event.parent_id = enrolment.parent_id AND parent_event.from_stage = 'in_group'::VARCHAR AND parent_event.at >= enrolment.left_at ORDER BY parent_event.at 
 LIMIT 1::INTEGER) = 'parent'::VARCHAR AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR) AND (cohort.places - (SELECT count(*) AS count_3 
FROM enrolment AS enrolment_2 
WHERE enrolment_2.school_id = cohort.school_id AND enrolment_2.cohort_id = cohort.id AND enrolment_2.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR))) - (SELECT count(*) AS count_4 
FROM place_offer AS place_offer_2 
WHERE place_offer_2.school_id = cohort.school_id AND place_offer_2.cohort_id = cohort.id AND place_offer_2.state = 'open'::VARCHAR) > 0::INTEGER AND (EXISTS (SELECT * 
FROM cohort_session 
WHERE cohort_session.school_id = cohort.school_id AND cohort_session.cohort_id = cohort.id AND cohort_session.state = 'planned'::VARCHAR AND cohort_session.on_date >= p_today::DATE))
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT group_theme.school_id, group_theme.id, group_theme.cohort_id, group_theme.facilitator_id, group_theme.words, group_theme.state, group_theme.proposed_at, group_theme.approved_at, group_theme.reply_by, group_theme.reply, group_theme.replied_at, group_theme.replied_by_name 
FROM group_theme 
WHERE group_theme.school_id = p_school_id::UUID AND group_theme.state IN ('approved'::VARCHAR, 'replied'::VARCHAR)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5)) from (
SELECT call_request.id, call_request.owner_id, call_request.call_by, call_request.try_on, call_request.tries, contact.name 
FROM call_request JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = call_request.school_id AND contact.parent_id = call_request.parent_id 
WHERE call_request.school_id = p_school_id::UUID AND call_request.state = 'open'::VARCHAR ORDER BY call_request.call_by, call_request.id
) r(c0, c1, c2, c3, c4, c5)),
(select json_agg(json_build_array(c0)) from (
select app.call_makers() makers
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2)) from (
select caller_name, calls, since from app.late_calls_of_leaders()
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT cohort.id, cohort.name, cohort.state, cohort.places, (SELECT count(*) AS count_1 
FROM enrolment 
WHERE enrolment.school_id = cohort.school_id AND enrolment.cohort_id = cohort.id AND enrolment.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR)) AS taken, cohort.first_on, cohort.room, next_session.number AS next_number, next_session.on_date AS next_on, next_session.starts_at AS next_starts_at, next_session.id AS next_session_id, EXISTS (SELECT cohort_session.id 
FROM cohort_session 
WHERE cohort_session.school_id = cohort.school_id AND cohort_session.cohort_id = cohort.id AND (cohort_session.state = 'closed'::VARCHAR OR cohort_session.state = 'planned'::VARCHAR AND (cohort_session.on_date, cohort_session.starts_at) <= (p_today, p_time))) AS has_met 
FROM cohort LEFT OUTER JOIN LATERAL (SELECT cohort_session.id AS id, cohort_session.number AS number, cohort_session.on_date AS on_date, cohort_session.starts_at AS starts_at 
FROM cohort_session 
WHERE cohort_session.school_id = cohort.school_id AND cohort_session.cohort_id = cohort.id AND (cohort_session.on_date, cohort_session.ends_at) > (p_today, p_time) AND cohort_session.state = 'planned'::VARCHAR ORDER BY cohort_session.on_date, cohort_session.number 
 LIMIT 1::INTEGER) AS next_session ON cohort.id IS NOT NULL 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR) ORDER BY cohort.first_on DESC NULLS FIRST, cohort.name, cohort.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13)) from (
SELECT cohort.school_id, cohort.id, cohort.name, cohort.state, cohort.places, cohort.first_on, cohort.starts_at, cohort.minutes, cohort.room, cohort.offers_on, cohort.closed_at, cohort.end_reason, cohort.goes_on_at, cohort.created_at 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)) from (
SELECT cohort_session.school_id, cohort_session.id, cohort_session.cohort_id, cohort_session.number, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, cohort_session.room, cohort_session.state, cohort_session.topic, cohort_session.moved_from, cohort_session.moved_from_starts_at, cohort_session.change_reason, cohort_session.closed_at, cohort_session.notes_taken_back_at, cohort_session.revision, cohort_session.changed_at 
FROM cohort_session 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort_session.cohort_id IN (SELECT cohort.id 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR)) ORDER BY cohort_session.cohort_id, cohort_session.on_date, cohort_session.number
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT cohort_facilitator.cohort_id, cohort_facilitator.facilitator_id 
FROM cohort_facilitator 
WHERE cohort_facilitator.school_id = p_school_id::UUID AND cohort_facilitator.cohort_id IN (SELECT cohort.id 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR)) ORDER BY cohort_facilitator.assigned_at, cohort_facilitator.facilitator_id
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT enrolment.parent_id, contact.name, contact.phone, contact.email, contact.language, contact.interpreter, contact.access_needs, contact.texts_stopped, contact.emails_stopped, enrolment.joined_at, coalesce(choice.given, false) AS coalesce_1, enrolment.cohort_id 
FROM enrolment JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = enrolment.school_id AND contact.parent_id = enrolment.parent_id LEFT OUTER JOIN (SELECT consent.school_id AS school_id, consent.parent_id AS parent_id, consent.given AS given 
FROM consent 
WHERE consent.kind = 'share_attendance'::VARCHAR) AS choice ON choice.school_id = enrolment.school_id AND choice.parent_id = enrolment.parent_id 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id IN (SELECT cohort.id 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR)) AND enrolment.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR) ORDER BY contact.first_name, contact.last_name, enrolment.parent_id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7)) from (
SELECT place.parent_id, place.cohort_id, contact.name, place.group_name, contact.phone, place.is_over, place.plan_at, place.is_out 
FROM (select e.school_id, e.parent_id, e.cohort_id, c.name group_name, c.state = 'cancelled' is_over, t.plan_at, e.status = 'left' is_out from enrolment e join cohort c on c.school_id = e.school_id and c.id = e.cohort_id cross join lateral (select max(s.changed_at) changed_at from cohort_session s  where s.school_id = e.school_id and s.cohort_id = e.cohort_id and s.state in ('planned', 'cancelled')  and s.on_date + s.ends_at > cast(p_today as date) + cast(p_time as time)) p cross join lateral (select case when e.status = 'left' then e.left_at else greatest(e.joined_at,  case when c.state = 'cancelled' then c.closed_at else p.changed_at end) end plan_at) t where e.school_id = p_school_id and (cast(NULL as uuid) is null or e.cohort_id = NULL) and (cast(NULL as uuid) is null or e.parent_id = NULL) and (e.status = 'in_group' and c.state in ('forming', 'running') and p.changed_at is not null  or e.status = 'finished' and c.state = 'cancelled'  and c.closed_at > cast(p_now as timestamptz) - cast('30 days 0:00:00'::interval as interval)  or e.status = 'left' and c.state in ('forming', 'running')  and e.left_at > cast(p_now as timestamptz) - cast('30 days 0:00:00'::interval as interval)) and (e.told_at is null or e.told_at < t.plan_at)) AS place JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = place.school_id AND contact.parent_id = place.parent_id JOIN (SELECT parent.school_id AS school_id, parent.id AS parent_id, parent.stage AS stage 
FROM parent) AS parent_stage ON parent_stage.school_id = place.school_id AND parent_stage.parent_id = place.parent_id 
WHERE NOT place.is_out OR parent_stage.stage = 'waiting'::VARCHAR ORDER BY contact.first_name, contact.last_name, place.parent_id
) r(c0, c1, c2, c3, c4, c5, c6, c7)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7)) from (
select s.short_name, s.name, s.stage, s.stage_reason, s.room, s.contact_name, coalesce(nullif(s.contact_phone, ''), nullif(s.phone, ''), a.contact_phone) phone, a.short_name authority from school s join authority a on a.authority_id = s.authority_id where s.school_id = p_school_id
) r(c0, c1, c2, c3, c4, c5, c6, c7)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT reader.id, reader.stage, reader.do_not_ask_until, reader.name, reader.email, reader.phone, reader.language, reader.texts_stopped_at, reader.emails_stopped_at, reader.texts_agreed_at, reader.agreed, reader.doubted 
FROM (select p.school_id, p.id, p.stage, p.do_not_ask_until, coalesce(nullif(c.known_as, ''), c.first_name) name, c.email, c.phone, c.language, c.texts_stopped_at, c.emails_stopped_at, (select k.changed_at from consent k where k.school_id = p.school_id and k.parent_id = p.id and k.kind = 'text' and k.given) texts_agreed_at, coalesce((select array_agg(k.kind) from consent k where k.school_id = p.school_id and k.parent_id = p.id and k.given), '{}') agreed, (select coalesce(array_agg(d.address), '{}') from contact_doubt d where d.school_id = p.school_id and d.person_id = p.id and d.settled_at is null) doubted from parent p join parent_contact c on c.school_id = p.school_id and c.parent_id = p.id) AS reader 
WHERE reader.school_id = p_school_id::UUID AND reader.id IN (SELECT anon_1.parent_id 
FROM (SELECT enrolment.parent_id AS parent_id 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id IN (SELECT cohort.id 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR)) AND enrolment.told_at IS NULL) AS anon_1)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT anon_1.parent_id AS id, wait.waits_until 
FROM (SELECT enrolment.parent_id AS parent_id 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id IN (SELECT cohort.id 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR)) AND enrolment.told_at IS NULL) AS anon_1 LEFT OUTER JOIN (select person_id, max(waits_until) waits_until from fresh_start where school_id = p_school_id and waits_until > app.now() and (ended is null or ended = 'done') group by person_id) AS wait ON anon_1.parent_id = wait.person_id
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5)) from (
SELECT cohort_session.cohort_id, cohort.name, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, lower(trim(coalesce(nullif(cohort_session.room, ''::VARCHAR), cohort.room))) AS room 
FROM cohort_session JOIN cohort ON cohort.school_id = cohort_session.school_id AND cohort.id = cohort_session.cohort_id 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR) AND cohort_session.state = 'planned'::VARCHAR AND cohort_session.on_date >= p_today::DATE
) r(c0, c1, c2, c3, c4, c5)),
(select json_agg(json_build_array(c0, c1, c2, c3)) from (
SELECT attendance.parent_id, attendance.session_id, attendance.mark, attendance.cohort_id 
FROM attendance 
WHERE attendance.school_id = p_school_id::UUID AND attendance.cohort_id IN (SELECT cohort.id 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR))
) r(c0, c1, c2, c3)),
(select json_agg(json_build_array(c0, c1)) from (
select distinct on (d.person_id) d.person_id, f.name from contact_doubt d join facilitator f on f.school_id = d.school_id and f.id = d.person_id where d.school_id = p_school_id and d.settled_at is null and d.person_kind = 'facilitator' and d.address in (f.email, f.phone) order by d.person_id, d.said_at limit 10
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT facilitator.stage, count(*) AS count_1 
FROM facilitator 
WHERE facilitator.school_id = p_school_id::UUID GROUP BY facilitator.stage
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4)) from (
SELECT facilitator.id, facilitator.name, facilitator.kind, facilitator.stage, facilitator.stage_changed_at 
FROM facilitator 
WHERE facilitator.school_id = p_school_id::UUID
) r(c0, c1, c2, c3, c4)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT facilitator.school_id, facilitator.id, facilitator.parent_id, facilitator.name, facilitator.email, facilitator.phone, facilitator.kind, facilitator.stage, facilitator.stage_changed_at, facilitator.created_at 
FROM facilitator 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.stage IN ('ready'::VARCHAR, 'leading'::VARCHAR) ORDER BY facilitator.name, facilitator.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT facilitator.school_id, facilitator.id, facilitator.parent_id, facilitator.name, facilitator.email, facilitator.phone, facilitator.kind, facilitator.stage, facilitator.stage_changed_at, facilitator.created_at 
FROM facilitator JOIN facilitator_event ON facilitator_event.school_id = facilitator.school_id AND facilitator_event.facilitator_id = facilitator.id AND facilitator_event.at >= facilitator.stage_changed_at AND facilitator_event.to_stage = 'withdrawn'::VARCHAR AND facilitator_event.from_stage IN ('applied'::VARCHAR, 'shortlisted'::VARCHAR, 'references'::VARCHAR, 'checks'::VARCHAR, 'training'::VARCHAR) 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.stage = 'withdrawn'::VARCHAR AND facilitator.stage_changed_at + '7 days 0:00:00'::interval > p_now::TIMESTAMP WITH TIME ZONE ORDER BY facilitator.name, facilitator.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0)) from (
select count(*) waiting from text_reply where school_id = p_school_id and done_at is null
) r(c0)),
(select json_agg(json_build_array(c0)) from (
SELECT count(*) AS sent 
FROM outbox 
WHERE outbox.school_id = p_school_id::UUID AND outbox.kind IN ('sign_in_link'::VARCHAR, 'confirm_code'::VARCHAR) AND outbox.created_at + '1 day 0:00:00'::interval > p_now::TIMESTAMP WITH TIME ZONE
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5)) from (
select id, kind, name, role, asked_at, is_deputy from appointment where school_id = p_school_id and agreed_at is null and stopped_at is null and basis = 'second_person' order by asked_at, id
) r(c0, c1, c2, c3, c4, c5)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21)) from (
SELECT document.school_id, document.id, document.kind, document.subject_id, document.cohort_id, document.parent_id, document.file_name, document.state, document.object_key, document.version_id, document.content_type, document.sha256, document.pages_sha256, document.named, document.size, document.problem, document.attempt, document.lease_until, document.next_at, document.created_at, document.ready_at, document.created_by 
FROM document 
WHERE document.school_id = p_school_id::UUID AND document.kind = 'signed_agreement'::VARCHAR ORDER BY document.created_at DESC, document.id DESC
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT school.school_id, school.stage, (SELECT max(onboarding_event.at) AS max_1 
FROM onboarding_event 
WHERE onboarding_event.school_id = school.school_id AND onboarding_event.to_stage = 'prospect'::VARCHAR AND onboarding_event.from_stage IS NOT NULL) AS anon_1, agreement_review.school_id AS school_id_1, agreement_review.document_id, agreement_review.decision, agreement_review.reason, agreement_review.by_name, agreement_review.at, agreement_review.named 
FROM school LEFT OUTER JOIN agreement_review ON agreement_review.school_id = school.school_id 
WHERE school.school_id = p_school_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0)) from (
SELECT DISTINCT contact_with_parent.parent_id 
FROM contact_with_parent JOIN (SELECT contact.school_id AS place, contact.school_id AS school_id, contact.parent_id AS subject_id, contact.name AS name 
FROM (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact) AS subject ON subject.school_id = contact_with_parent.school_id AND subject.subject_id = contact_with_parent.parent_id LEFT OUTER JOIN (SELECT staff_here.school_id AS place, staff_here.id AS id, staff_here.name AS name, staff_here.role AS role 
FROM (SELECT staff_member.school_id AS school_id, staff_member.id AS id, staff_member.name AS name, staff_member.role AS role 
FROM staff_member 
WHERE staff_member.accepted_at IS NOT NULL AND staff_member.ended_at IS NULL) AS staff_here) AS here ON here.place = subject.place AND here.id = contact_with_parent.owner_id 
WHERE subject.place = p_school_id::UUID AND contact_with_parent.state = 'open'::VARCHAR
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4)) from (
SELECT contact_with_parent.parent_id, subject.name, contact_with_parent.action, contact_with_parent.due_on, here.name AS name_1 
FROM contact_with_parent JOIN (SELECT contact.school_id AS place, contact.school_id AS school_id, contact.parent_id AS subject_id, contact.name AS name 
FROM (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact) AS subject ON subject.school_id = contact_with_parent.school_id AND subject.subject_id = contact_with_parent.parent_id LEFT OUTER JOIN (SELECT staff_here.school_id AS place, staff_here.id AS id, staff_here.name AS name, staff_here.role AS role 
FROM (SELECT staff_member.school_id AS school_id, staff_member.id AS id, staff_member.name AS name, staff_member.role AS role 
FROM staff_member 
WHERE staff_member.accepted_at IS NOT NULL AND staff_member.ended_at IS NULL) AS staff_here) AS here ON here.place = subject.place AND here.id = contact_with_parent.owner_id 
WHERE subject.place = p_school_id::UUID AND contact_with_parent.state = 'open'::VARCHAR AND contact_with_parent.due_on <= p_today::DATE AND (contact_with_parent.owner_id = p_person_id::UUID OR p_is_lead AND here.id IS NULL) ORDER BY contact_with_parent.due_on, contact_with_parent.id 
 LIMIT 11::INTEGER
) r(c0, c1, c2, c3, c4)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17)) from (
SELECT facilitator.school_id, facilitator.id, facilitator.parent_id, facilitator.name, facilitator.email, facilitator.phone, facilitator.kind, facilitator.stage, facilitator.stage_changed_at, facilitator.created_at, facilitator_event.school_id AS school_id_1, facilitator_event.id AS id_1, facilitator_event.facilitator_id, facilitator_event.from_stage, facilitator_event.to_stage, facilitator_event.reason, facilitator_event.by_name, facilitator_event.at 
FROM facilitator LEFT OUTER JOIN facilitator_event ON facilitator_event.school_id = facilitator.school_id AND facilitator_event.facilitator_id = facilitator.id AND facilitator_event.from_stage IS DISTINCT FROM facilitator_event.to_stage 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.stage = 'training'::VARCHAR ORDER BY facilitator.name, facilitator.id, facilitator_event.at DESC, facilitator_event.id DESC
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26)) from (
SELECT facilitator.school_id, facilitator.id, facilitator.parent_id, facilitator.name, facilitator.email, facilitator.phone, facilitator.kind, facilitator.stage, facilitator.stage_changed_at, facilitator.created_at, facilitator_check.school_id AS school_id_1, facilitator_check.facilitator_id, facilitator_check.level, facilitator_check.role_described, facilitator_check.venue, facilitator_check.supervised, facilitator_check.frequency, facilitator_check.risk_assessment, facilitator_check.certificate_number, facilitator_check.issued_on, facilitator_check.seen_by, facilitator_check.seen_on, facilitator_check.decided_by, facilitator_check.decided_at, facilitator_check.decided_by_id, facilitator_check.seen_by_id, facilitator_application.submitted_at 
FROM facilitator LEFT OUTER JOIN facilitator_check ON facilitator_check.school_id = facilitator.school_id AND facilitator_check.facilitator_id = facilitator.id LEFT OUTER JOIN facilitator_application ON facilitator_application.school_id = facilitator.school_id AND facilitator_application.facilitator_id = facilitator.id 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.stage IN ('ready'::VARCHAR, 'leading'::VARCHAR) ORDER BY facilitator.name, facilitator.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT facilitator_reference.school_id, facilitator_reference.id, facilitator_reference.facilitator_id, facilitator_reference.referee_name, facilitator_reference.referee_contact, facilitator_reference.relationship, facilitator_reference.asked_at, facilitator_reference.received_at, facilitator_reference.satisfactory, facilitator_reference.note 
FROM facilitator_reference JOIN facilitator ON facilitator_reference.school_id = facilitator.school_id AND facilitator_reference.facilitator_id = facilitator.id 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.stage IN ('ready'::VARCHAR, 'leading'::VARCHAR)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
SELECT facilitator_training.school_id, facilitator_training.id, facilitator_training.facilitator_id, facilitator_training.title, facilitator_training.on_date, facilitator_training.minutes, facilitator_training.recorded_by 
FROM facilitator_training JOIN facilitator ON facilitator_training.school_id = facilitator.school_id AND facilitator_training.facilitator_id = facilitator.id 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.stage IN ('ready'::VARCHAR, 'leading'::VARCHAR)
) r(c0, c1, c2, c3, c4, c5, c6)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)) from (
SELECT announcement.authority_id, announcement.id, announcement.heading, announcement.words, announcement.stages, announcement.roles, announcement.by_name, announcement.written_at, announcement.show_until, announcement.stopped_at, announcement.stopped_by_name 
FROM announcement 
WHERE announcement.authority_id = p_authority_id::UUID AND announcement.stopped_at IS NULL AND announcement.show_until >= p_today::DATE ORDER BY announcement.written_at DESC, announcement.id DESC
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)));
end$function$;
