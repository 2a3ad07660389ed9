-- Owned by wb_helper; called by wb_authority, wb_school.
CREATE OR REPLACE FUNCTION app.found(p_list text, p_trigrams text[], p_patterns text[])
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 20
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT parent_contact.parent_id
    FROM parent_contact
   WHERE ((found.p_list = 'parents'::text) AND (parent_contact.school_id = ( SELECT app.school_id() AS school_id)) AND (parent_contact.trigrams @> found.p_trigrams) AND (parent_contact.searched_by ~~ ALL (found.p_patterns)))
 UNION ALL
  SELECT facilitator.id
    FROM facilitator
   WHERE ((found.p_list = 'facilitators'::text) AND (facilitator.school_id = ( SELECT app.school_id() AS school_id)) AND (facilitator.trigrams @> found.p_trigrams) AND (facilitator.searched_by ~~ ALL (found.p_patterns)))
 UNION ALL
  SELECT staff_member.id
    FROM staff_member
   WHERE ((found.p_list = 'staff'::text) AND (staff_member.school_id = ( SELECT app.school_id() AS school_id)) AND (staff_member.trigrams @> found.p_trigrams) AND (staff_member.searched_by ~~ ALL (found.p_patterns)))
 UNION ALL
  SELECT cohort.id
    FROM cohort
   WHERE ((found.p_list = 'groups'::text) AND (cohort.school_id = ( SELECT app.school_id() AS school_id)) AND (cohort.trigrams @> found.p_trigrams) AND (cohort.searched_by ~~ ALL (found.p_patterns)))
 UNION ALL
  SELECT school.school_id
    FROM school
   WHERE ((found.p_list = 'schools'::text) AND (school.authority_id = ( SELECT app.authority_id() AS authority_id)) AND (app.school_id() IS NULL) AND (school.trigrams @> found.p_trigrams) AND (school.searched_by ~~ ALL (found.p_patterns)));
END;
