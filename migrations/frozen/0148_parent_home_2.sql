-- parent_home_2(uuid, timestamptz, uuid, uuid, time, date)
create function app.parent_home_2(p_authority_id uuid, p_now timestamptz, p_person_id uuid, p_school_id uuid, p_time time, p_today date) returns json language plpgsql stable security invoker
set plan_cache_mode = force_generic_plan as $function$
declare
p_cohort_id uuid := (select c1 from (
SELECT cohort.school_id, cohort.id, cohort.name, cohort.state, cohort.places, cohort.first_on, cohort.starts_at, cohort.minutes, cohort.room, cohort.offers_on, cohort.closed_at, cohort.end_reason, cohort.goes_on_at, cohort.created_at 
FROM cohort JOIN enrolment ON enrolment.school_id = cohort.school_id AND enrolment.cohort_id = cohort.id 
WHERE cohort.school_id = p_school_id::UUID AND enrolment.parent_id = p_person_id::UUID AND enrolment.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR) ORDER BY cohort.first_on DESC NULLS FIRST, cohort.id 
 LIMIT 1::INTEGER
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13));
begin
return json_build_array(
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13)) from (
SELECT cohort.school_id, cohort.id, cohort.name, cohort.state, cohort.places, cohort.first_on, cohort.starts_at, cohort.minutes, cohort.room, cohort.offers_on, cohort.closed_at, cohort.end_reason, cohort.goes_on_at, cohort.created_at 
FROM cohort JOIN enrolment ON enrolment.school_id = cohort.school_id AND enrolment.cohort_id = cohort.id 
WHERE cohort.school_id = p_school_id::UUID AND enrolment.parent_id = p_person_id::UUID AND enrolment.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR) ORDER BY cohort.first_on DESC NULLS FIRST, cohort.id 
 LIMIT 1::INTEGER
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT parent.school_id, parent.id, parent.stage, parent.stage_changed_at, parent.invited_at, parent.said_yes_at, parent.joined_at, parent.waiting_since, parent.do_not_ask_until, parent.created_at 
FROM parent 
WHERE parent.school_id = p_school_id::UUID AND parent.id = p_person_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT parent_contact.school_id, parent_contact.parent_id, parent_contact.first_name, parent_contact.last_name, parent_contact.known_as, parent_contact.email, parent_contact.phone, parent_contact.language, parent_contact.interpreter, parent_contact.access_needs, parent_contact.texts_stopped_at, parent_contact.emails_stopped_at 
FROM parent_contact 
WHERE parent_contact.school_id = p_school_id::UUID AND parent_contact.parent_id = p_person_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5)) from (
SELECT consent.school_id, consent.parent_id, consent.kind, consent.given, consent.wording_version, consent.changed_at 
FROM consent 
WHERE consent.school_id = p_school_id::UUID AND consent.parent_id = p_person_id::UUID
) r(c0, c1, c2, c3, c4, c5)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7)) from (
SELECT group_wish.school_id, group_wish.parent_id, group_wish.days, group_wish.times, group_wish.format, group_wish.needs, group_wish.by_name, group_wish.changed_at 
FROM group_wish 
WHERE group_wish.school_id = p_school_id::UUID AND group_wish.parent_id = p_person_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT own.waits_until, own.may_say, own.sealed 
FROM (SELECT identity.my_wait() AS waits_until, identity.my_wait_is_told() AS may_say, identity.my_sealed() AS sealed) AS own
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)) from (
SELECT school.school_id, school.authority_id, school.urn, school.name, school.short_name, school.phase, school.controller_code, school.controller_name, school.stage, school.stage_changed_at, school.waiting_since, school.stage_reason, school.address, school.phone, school.contact_name, school.contact_role, school.contact_phone, school.contact_email, school.contact_deputy, school.dsl_name, school.dsl_phone, school.dsl_deputy, school.room, school.room_notes, school.planned_start_on, school.created_at 
FROM school 
WHERE school.school_id = p_school_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
select a.support_lines, a.privacy_url, a.dpo_contact, s.contact_name, s.contact_role, s.contact_phone, s.contact_email from authority a left join school s on s.authority_id = a.authority_id and s.school_id = p_school_id where a.authority_id = p_authority_id
) r(c0, c1, c2, c3, c4, c5, c6)),
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
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)) from (
SELECT cohort_session.school_id, cohort_session.id, cohort_session.cohort_id, cohort_session.number, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, cohort_session.room, cohort_session.state, cohort_session.topic, cohort_session.moved_from, cohort_session.moved_from_starts_at, cohort_session.change_reason, cohort_session.closed_at, cohort_session.notes_taken_back_at, cohort_session.revision, cohort_session.changed_at 
FROM cohort_session 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort_session.cohort_id = p_cohort_id::UUID ORDER BY cohort_session.on_date, cohort_session.number
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)),
(select json_agg(json_build_array(c0)) from (
select names from app.my_leaders() where cohort_id = p_cohort_id
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT place_offer.school_id, place_offer.id, place_offer.cohort_id, place_offer.parent_id, place_offer.state, place_offer.answer_by, place_offer.by_name, place_offer.offered_at, place_offer.ended_at, place_offer.ended_by_name 
FROM place_offer 
WHERE place_offer.school_id = p_school_id::UUID AND place_offer.parent_id = p_person_id::UUID ORDER BY place_offer.offered_at DESC, place_offer.id 
 LIMIT 1::INTEGER
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7)) from (
SELECT cohort_session.id, cohort_session.number, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, coalesce(nullif(cohort_session.room, ''::VARCHAR), cohort.room) AS room, cohort_session.topic, cohort_session.id IN (SELECT absence_notice.session_id 
FROM absence_notice 
WHERE absence_notice.school_id = p_school_id::UUID AND absence_notice.parent_id = p_person_id::UUID) AS i_cannot_come 
FROM cohort_session JOIN cohort ON cohort.school_id = cohort_session.school_id AND cohort.id = cohort_session.cohort_id JOIN enrolment ON enrolment.school_id = cohort_session.school_id AND enrolment.cohort_id = cohort_session.cohort_id 
WHERE cohort_session.school_id = p_school_id::UUID AND enrolment.parent_id = p_person_id::UUID AND enrolment.status = 'in_group'::VARCHAR AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR) AND cohort_session.state = 'planned'::VARCHAR AND (cohort_session.on_date, cohort_session.ends_at) > (p_today, p_time) ORDER BY cohort_session.on_date, cohort_session.number 
 LIMIT 1::INTEGER
) r(c0, c1, c2, c3, c4, c5, c6, c7)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT learning_notes.session_id, learning_notes.state, learning_notes.sent_at 
FROM learning_notes 
WHERE learning_notes.school_id = p_school_id::UUID AND learning_notes.cohort_id = p_cohort_id::UUID
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0)) from (
SELECT absence_notice.session_id 
FROM absence_notice 
WHERE absence_notice.school_id = p_school_id::UUID AND absence_notice.parent_id = p_person_id::UUID AND absence_notice.cohort_id = p_cohort_id::UUID
) r(c0)),
(select json_agg(json_build_array(c0)) from (
SELECT topic_vote.topic 
FROM topic_vote 
WHERE topic_vote.school_id = p_school_id::UUID AND topic_vote.parent_id = p_person_id::UUID AND topic_vote.cohort_id = p_cohort_id::UUID ORDER BY topic_vote.topic
) r(c0)),
(select json_agg(json_build_array(c0)) from (
SELECT document.id 
FROM document 
WHERE document.school_id = p_school_id::UUID AND document.kind = 'certificate'::VARCHAR AND document.state = 'ready'::VARCHAR AND document.parent_id = p_person_id::UUID AND document.cohort_id = p_cohort_id::UUID ORDER BY document.ready_at DESC, document.id DESC 
 LIMIT 1::INTEGER
) r(c0)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14)) from (
SELECT own.waits_until, own.may_say, own.sealed, answer_set.school_id, answer_set.id, answer_set.parent_id, answer_set.cohort_id, answer_set.instrument, answer_set.instrument_version, answer_set.scoring_version, answer_set.occasion, answer_set.mode, answer_set.items, answer_set.updated_at, answer_set.submitted_at 
FROM (SELECT identity.my_wait() AS waits_until, identity.my_wait_is_told() AS may_say, identity.my_sealed() AS sealed) AS own LEFT OUTER JOIN answer_set ON answer_set.school_id = p_school_id::UUID AND answer_set.parent_id = p_person_id::UUID AND answer_set.instrument = 'programme-questions'::VARCHAR AND (answer_set.cohort_id = p_cohort_id::UUID OR answer_set.cohort_id IS NULL) ORDER BY answer_set.cohort_id NULLS FIRST
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT group_theme.school_id, group_theme.id, group_theme.cohort_id, group_theme.facilitator_id, group_theme.words, group_theme.state, group_theme.proposed_at, group_theme.approved_at, group_theme.reply_by, group_theme.reply, group_theme.replied_at, group_theme.replied_by_name 
FROM group_theme 
WHERE group_theme.school_id = p_school_id::UUID AND group_theme.cohort_id IN (SELECT enrolment.cohort_id 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.parent_id = p_person_id::UUID AND enrolment.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR)) AND group_theme.state != 'withdrawn'::VARCHAR ORDER BY group_theme.proposed_at DESC, group_theme.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
SELECT theme_voice.school_id, theme_voice.theme_id, theme_voice.parent_id, theme_voice.ours, theme_voice.to_council, theme_voice.enough, theme_voice.at 
FROM theme_voice 
WHERE theme_voice.school_id = p_school_id::UUID AND theme_voice.parent_id = p_person_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6)),
(select json_agg(json_build_array(c0, c1)) from (
select theme_id, why from app.themes_over()
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT group_message.school_id, group_message.id, group_message.cohort_id, group_message.facilitator_id, group_message.by_name, group_message.words, group_message.written_at, group_message.goes_at, group_message.stopped_at, group_message.stopped_by_name 
FROM group_message 
WHERE group_message.school_id = p_school_id::UUID AND group_message.cohort_id IN (SELECT enrolment.cohort_id 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.parent_id = p_person_id::UUID AND enrolment.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR)) AND group_message.stopped_at IS NULL AND group_message.goes_at <= p_now::TIMESTAMP WITH TIME ZONE ORDER BY group_message.goes_at DESC, group_message.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)) from (
SELECT call_request.school_id, call_request.id, call_request.parent_id, call_request.cohort_id, call_request.facilitator_id, call_request.owner_id, call_request.caller_name, call_request.need, call_request.times, call_request.state, call_request.asked_at, call_request.call_by, call_request.try_on, call_request.tries, call_request.outcome, call_request.noted_at, call_request.ended_at 
FROM call_request 
WHERE call_request.school_id = p_school_id::UUID AND call_request.parent_id = p_person_id::UUID ORDER BY call_request.asked_at DESC, call_request.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT facilitator.school_id, facilitator.id, facilitator.parent_id, facilitator.name, facilitator.email, facilitator.phone, facilitator.kind, facilitator.stage, facilitator.stage_changed_at, facilitator.created_at 
FROM facilitator 
WHERE facilitator.school_id = p_school_id::UUID AND facilitator.parent_id = p_person_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1)) from (
select answers, is_complete from application_draft where school_id = p_school_id and parent_id = p_person_id
) r(c0, c1)));
end$function$;
