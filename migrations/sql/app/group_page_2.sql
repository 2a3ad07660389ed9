-- Owned by wb_owner; called by wb_dsl, wb_school.
CREATE OR REPLACE FUNCTION app.group_page_2(p_authority_id uuid, p_cohort_id uuid, p_now timestamp with time zone, p_school_id uuid, p_time time without time zone, p_today date)
 RETURNS json
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
return json_build_array(
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13)) from (
SELECT cohort.school_id, cohort.id, cohort.name, cohort.state, cohort.places, cohort.first_on, cohort.starts_at, cohort.minutes, cohort.room, cohort.offers_on, cohort.closed_at, cohort.end_reason, cohort.goes_on_at, cohort.created_at 
FROM cohort 
WHERE cohort.school_id = p_school_id::UUID AND cohort.id = p_cohort_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)) from (
SELECT cohort_session.school_id, cohort_session.id, cohort_session.cohort_id, cohort_session.number, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, cohort_session.room, cohort_session.state, cohort_session.topic, cohort_session.moved_from, cohort_session.moved_from_starts_at, cohort_session.change_reason, cohort_session.closed_at, cohort_session.notes_taken_back_at, cohort_session.revision, cohort_session.changed_at 
FROM cohort_session 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort_session.cohort_id = p_cohort_id::UUID ORDER BY cohort_session.on_date, cohort_session.number
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)) from (
SELECT enrolment.parent_id, contact.name, contact.phone, contact.email, contact.language, contact.interpreter, contact.access_needs, contact.texts_stopped, contact.emails_stopped, enrolment.joined_at, coalesce(choice.given, false) AS coalesce_1 
FROM enrolment JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = enrolment.school_id AND contact.parent_id = enrolment.parent_id LEFT OUTER JOIN (SELECT consent.school_id AS school_id, consent.parent_id AS parent_id, consent.given AS given 
FROM consent 
WHERE consent.kind = 'share_attendance'::VARCHAR) AS choice ON choice.school_id = enrolment.school_id AND choice.parent_id = enrolment.parent_id 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id = p_cohort_id::UUID AND enrolment.status IN ('in_group'::VARCHAR, 'finished'::VARCHAR) ORDER BY contact.first_name, contact.last_name, enrolment.parent_id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)) from (
SELECT facilitator.school_id, facilitator.id, facilitator.parent_id, facilitator.name, facilitator.email, facilitator.phone, facilitator.kind, facilitator.stage, facilitator.stage_changed_at, facilitator.created_at 
FROM facilitator JOIN (SELECT cohort_facilitator.facilitator_id AS id, cohort_facilitator.assigned_at AS at 
FROM cohort_facilitator 
WHERE cohort_facilitator.school_id = p_school_id::UUID AND cohort_facilitator.cohort_id = p_cohort_id::UUID) AS anon_1 ON anon_1.id = facilitator.id 
WHERE facilitator.school_id = p_school_id::UUID ORDER BY anon_1.at, facilitator.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT attendance.parent_id, attendance.session_id, attendance.mark 
FROM attendance 
WHERE attendance.school_id = p_school_id::UUID AND attendance.cohort_id = p_cohort_id::UUID
) r(c0, c1, c2)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT document.parent_id, document.id 
FROM document 
WHERE document.school_id = p_school_id::UUID AND document.cohort_id = p_cohort_id::UUID AND document.kind = 'certificate'::VARCHAR AND document.state = 'ready'::VARCHAR AND document.parent_id IS NOT NULL ORDER BY document.created_at DESC, document.id DESC
) r(c0, c1)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7)) from (
SELECT place.parent_id, place.cohort_id, contact.name, place.group_name, contact.phone, place.is_over, place.plan_at, place.is_out 
FROM (select e.school_id, e.parent_id, e.cohort_id, c.name group_name, c.state = 'cancelled' is_over, t.plan_at, e.status = 'left' is_out from enrolment e join cohort c on c.school_id = e.school_id and c.id = e.cohort_id cross join lateral (select max(s.changed_at) changed_at from cohort_session s  where s.school_id = e.school_id and s.cohort_id = e.cohort_id and s.state in ('planned', 'cancelled')  and s.on_date + s.ends_at > cast(p_today as date) + cast(p_time as time)) p cross join lateral (select case when e.status = 'left' then e.left_at else greatest(e.joined_at,  case when c.state = 'cancelled' then c.closed_at else p.changed_at end) end plan_at) t where e.school_id = p_school_id and (cast(p_cohort_id as uuid) is null or e.cohort_id = p_cohort_id) and (cast(NULL as uuid) is null or e.parent_id = NULL) and (e.status = 'in_group' and c.state in ('forming', 'running') and p.changed_at is not null  or e.status = 'finished' and c.state = 'cancelled'  and c.closed_at > cast(p_now as timestamptz) - cast('30 days 0:00:00'::interval as interval)  or e.status = 'left' and c.state in ('forming', 'running')  and e.left_at > cast(p_now as timestamptz) - cast('30 days 0:00:00'::interval as interval)) and (e.told_at is null or e.told_at < t.plan_at)) AS place JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
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
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id = p_cohort_id::UUID) AS anon_1)
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1)) from (
SELECT anon_1.parent_id AS id, wait.waits_until 
FROM (SELECT enrolment.parent_id AS parent_id 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id = p_cohort_id::UUID) AS anon_1 LEFT OUTER JOIN (select person_id, max(waits_until) waits_until from fresh_start where school_id = p_school_id and waits_until > app.now() and (ended is null or ended = 'done') group by person_id) AS wait ON anon_1.parent_id = wait.person_id
) r(c0, c1)),
(select json_agg(json_build_array(c0)) from (
SELECT school.stage 
FROM school 
WHERE school.school_id = p_school_id::UUID
) r(c0)),
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
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5)) from (
SELECT cohort_session.cohort_id, cohort.name, cohort_session.on_date, cohort_session.starts_at, cohort_session.ends_at, lower(trim(coalesce(nullif(cohort_session.room, ''::VARCHAR), cohort.room))) AS room 
FROM cohort_session JOIN cohort ON cohort.school_id = cohort_session.school_id AND cohort.id = cohort_session.cohort_id 
WHERE cohort_session.school_id = p_school_id::UUID AND cohort.state IN ('forming'::VARCHAR, 'running'::VARCHAR) AND cohort_session.state = 'planned'::VARCHAR AND cohort_session.on_date >= p_today::DATE
) r(c0, c1, c2, c3, c4, c5)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15)) from (
SELECT parent.id, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS trim_1, parent.stage, parent.stage_changed_at, parent_contact.phone, parent_contact.email, parent_contact.language, parent_contact.interpreter, parent_contact.texts_stopped_at IS NOT NULL AS anon_1, coalesce(recruitment_profile.year_group, ''::VARCHAR) AS coalesce_1, coalesce(recruitment_profile.next_step, ''::VARCHAR) AS coalesce_3, parent.joined_at, parent_contact.access_needs, coalesce(recruitment_profile.needs, ''::VARCHAR) AS coalesce_5, parent.said_yes_at IS NOT NULL AS anon_2, parent_contact.emails_stopped_at IS NOT NULL AS anon_3 
FROM parent JOIN parent_contact ON parent_contact.school_id = parent.school_id AND parent_contact.parent_id = parent.id LEFT OUTER JOIN recruitment_profile ON recruitment_profile.school_id = parent.school_id AND recruitment_profile.parent_id = parent.id 
WHERE parent.school_id = p_school_id::UUID AND parent.stage = ANY ('{joined,waiting}'::VARCHAR[]) ORDER BY CASE parent.stage WHEN 'interested'::VARCHAR THEN 0::INTEGER WHEN 'identified'::VARCHAR THEN 1::INTEGER WHEN 'waiting'::VARCHAR THEN 2::INTEGER WHEN 'joined'::VARCHAR THEN 3::INTEGER WHEN 'invited'::VARCHAR THEN 4::INTEGER WHEN 'in_group'::VARCHAR THEN 5::INTEGER WHEN 'graduated'::VARCHAR THEN 6::INTEGER WHEN 'said_no'::VARCHAR THEN 7::INTEGER WHEN 'left'::VARCHAR THEN 8::INTEGER ELSE 9::INTEGER END, parent.stage_changed_at, parent.id 
 LIMIT NULL OFFSET 0
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)) from (
SELECT parent.id, parent_contact.email, parent_contact.phone, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, (SELECT array_agg(consent.kind) AS array_agg_1 
FROM consent 
WHERE consent.school_id = parent.school_id AND consent.parent_id = parent.id AND consent.given) AS agreed, group_wish.days, group_wish.times, group_wish.format, group_wish.needs, group_wish.by_name 
FROM parent JOIN parent_contact ON parent_contact.school_id = parent.school_id AND parent_contact.parent_id = parent.id LEFT OUTER JOIN group_wish ON group_wish.school_id = parent.school_id AND group_wish.parent_id = parent.id 
WHERE parent.school_id = p_school_id::UUID AND parent.stage IN ('joined'::VARCHAR, 'waiting'::VARCHAR) ORDER BY coalesce(parent.joined_at, parent.stage_changed_at), parent.id
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7)) from (
SELECT group_reason.school_id, group_reason.id, group_reason.cohort_id, group_reason.what, group_reason.number, group_reason.reason, group_reason.by_name, group_reason.at 
FROM group_reason 
WHERE group_reason.school_id = p_school_id::UUID AND group_reason.cohort_id = p_cohort_id::UUID
) r(c0, c1, c2, c3, c4, c5, c6, c7)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6)) from (
SELECT newest.event, newest.details, newest.at, newest.subject_id, coalesce(actor.name, ''::VARCHAR) AS who, newest.reason, coalesce(leader_named.name, ''::VARCHAR) AS leader 
FROM (select a.school_id, a.id, a.event, a.details, a.at, a.subject_id, a.actor_id, coalesce(s.change_reason, '') reason, a.details ->> 'facilitator_id' leader_id from audit_event a left join cohort_session s on s.school_id = a.school_id and s.id = a.subject_id where a.school_id = p_school_id and (a.subject_id = p_cohort_id or a.subject_id in (select o.id from cohort_session o where o.school_id = p_school_id and o.cohort_id = p_cohort_id)) and a.event = any ('{cohorts:cohort:formed,cohorts:cohort:changed,cohorts:cohort:format_changed,cohorts:cohort:join_link_changed,cohorts:cohort:started,cohorts:cohort:closed,cohorts:cohort:ended_early,cohorts:facilitator:assigned,cohorts:facilitator:unassigned,cohorts:session:moved,cohorts:session:cancelled,cohorts:session:placed,cohorts:session:closed,cohorts:session:reopened,cohorts:contact_sheet:opened}') order by a.at desc, a.id desc limit 30) AS newest LEFT OUTER JOIN (SELECT staff_named.school_id AS school_id, staff_named.id AS id, staff_named.name AS name 
FROM (SELECT staff_member.school_id AS school_id, staff_member.id AS id, staff_member.name AS name 
FROM staff_member) AS staff_named UNION ALL SELECT facilitator.school_id AS school_id, facilitator.id AS id, facilitator.name AS name 
FROM facilitator) AS actor ON actor.school_id = newest.school_id AND actor.id = newest.actor_id LEFT OUTER JOIN (SELECT facilitator.school_id AS school_id, facilitator.id AS id, facilitator.name AS name 
FROM facilitator) AS leader_named ON leader_named.school_id = newest.school_id AND CAST(leader_named.id AS VARCHAR) = newest.leader_id ORDER BY newest.at DESC, newest.id DESC
) r(c0, c1, c2, c3, c4, c5, c6)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4)) from (
SELECT enrolment.parent_id, enrolment.joined_at, enrolment.left_at, contact.name, enrolment.left_reason 
FROM enrolment JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = enrolment.school_id AND contact.parent_id = enrolment.parent_id 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id = p_cohort_id::UUID
) r(c0, c1, c2, c3, c4)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5)) from (
SELECT done.subject_id, done.event, done.details, done.at, done.actor_id, coalesce(actor.name, ''::VARCHAR) AS coalesce_1 
FROM (SELECT audit_event.school_id AS school_id, audit_event.id AS id, audit_event.subject_id AS subject_id, audit_event.event AS event, audit_event.details AS details, audit_event.at AS at, audit_event.actor_id AS actor_id 
FROM audit_event 
WHERE audit_event.school_id = p_school_id::UUID AND audit_event.subject_id IN (SELECT enrolment.parent_id 
FROM enrolment 
WHERE enrolment.school_id = p_school_id::UUID AND enrolment.cohort_id = p_cohort_id::UUID) AND audit_event.event IN ('cohorts:place:taken'::VARCHAR, 'cohorts:place:given_back'::VARCHAR) ORDER BY audit_event.at DESC, audit_event.id DESC 
 LIMIT 200::INTEGER) AS done LEFT OUTER JOIN (SELECT staff_named.school_id AS school_id, staff_named.id AS id, staff_named.name AS name 
FROM (SELECT staff_member.school_id AS school_id, staff_member.id AS id, staff_member.name AS name 
FROM staff_member) AS staff_named UNION ALL SELECT facilitator.school_id AS school_id, facilitator.id AS id, facilitator.name AS name 
FROM facilitator) AS actor ON actor.school_id = done.school_id AND actor.id = done.actor_id ORDER BY done.at DESC, done.id DESC
) r(c0, c1, c2, c3, c4, c5)),
(select json_agg(json_build_array(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)) from (
SELECT place_offer.id, place_offer.parent_id, contact.name, place_offer.state, place_offer.answer_by, place_offer.offered_at, place_offer.by_name, place_offer.ended_at, place_offer.ended_by_name, place_offer.cohort_id, cohort.name AS group_name, cohort.offers_on 
FROM place_offer JOIN (SELECT parent_contact.school_id AS school_id, parent_contact.parent_id AS parent_id, parent_contact.first_name AS first_name, parent_contact.last_name AS last_name, trim(parent_contact.first_name || ' '::VARCHAR || parent_contact.last_name) AS name, parent_contact.phone AS phone, parent_contact.email AS email, parent_contact.language AS language, parent_contact.interpreter AS interpreter, parent_contact.access_needs AS access_needs, parent_contact.texts_stopped_at IS NOT NULL AS texts_stopped, parent_contact.emails_stopped_at IS NOT NULL AS emails_stopped 
FROM parent_contact) AS contact ON contact.school_id = place_offer.school_id AND contact.parent_id = place_offer.parent_id JOIN cohort ON cohort.school_id = place_offer.school_id AND cohort.id = place_offer.cohort_id 
WHERE place_offer.school_id = p_school_id::UUID AND place_offer.cohort_id = p_cohort_id::UUID ORDER BY place_offer.state = 'open'::VARCHAR DESC, place_offer.offered_at DESC, place_offer.id 
 LIMIT 30::INTEGER
) r(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)),
(select json_agg(json_build_array(c0, c1, c2)) from (
SELECT cohort.format, cohort_join_link.link, (SELECT array_agg(cohort_session.id ORDER BY cohort_session.number) AS array_agg_1 
FROM cohort_session 
WHERE cohort_session.school_id = cohort.school_id AND cohort_session.cohort_id = cohort.id AND cohort_session.state = 'planned'::VARCHAR AND cohort_session.format IN ('online'::VARCHAR, 'both'::VARCHAR)) AS online 
FROM cohort LEFT OUTER JOIN cohort_join_link ON cohort_join_link.school_id = cohort.school_id AND cohort_join_link.cohort_id = cohort.id 
WHERE cohort.school_id = p_school_id::UUID AND cohort.id = p_cohort_id::UUID
) r(c0, c1, c2)));
end$function$;
