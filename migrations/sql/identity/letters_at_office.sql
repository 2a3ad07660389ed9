-- Owned by wb_identity; called by wb_helper, wb_office.
CREATE OR REPLACE FUNCTION identity.letters_at_office()
 RETURNS TABLE(letter_id uuid, parent_id uuid, made_at timestamp with time zone, until timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT d.id,
     d.parent_id,
     d.created_at,
     COALESCE(t.expires_at, (d.created_at + '28 days'::interval)) AS "coalesce"
    FROM ((( SELECT DISTINCT ON (o.parent_id) o.id,
             o.parent_id,
             o.created_at,
             o.state
            FROM document o
           WHERE ((o.school_id = ( SELECT app.school_id() AS school_id)) AND (o.kind = 'invitation_letter'::text) AND (o.state <> 'refused'::text) AND (o.created_at > (app.now() - '28 days'::interval)))
           ORDER BY o.parent_id, o.created_at DESC, o.id DESC) d
      JOIN parent p ON (((p.school_id = ( SELECT app.school_id() AS school_id)) AND (p.id = d.parent_id))))
      LEFT JOIN identity.token t ON (((t.outbox_id = d.id) AND (t.channel = 'letter'::text) AND (t.used_at IS NULL) AND (t.cancelled_at IS NULL) AND (t.expires_at > app.now()) AND (t.in_school = ( SELECT app.school_id() AS school_id)))))
   WHERE ((d.state = 'ready'::text) AND (p.stage = ANY (ARRAY['identified'::text, 'invited'::text, 'interested'::text])) AND (d.parent_id <> ALL (( SELECT app.not_for_office() AS not_for_office)::uuid[])) AND ((t.outbox_id IS NOT NULL) OR ((NOT (EXISTS ( SELECT
            FROM identity.token n
           WHERE ((n.outbox_id = d.id) AND (n.channel = 'letter'::text))))) AND (EXISTS ( SELECT
            FROM identity.membership m
           WHERE ((m.person_id = d.parent_id) AND (m.role = 'parent'::text) AND (m.ended_at IS NULL)))))) AND (NOT (EXISTS ( SELECT
            FROM contact_doubt c
           WHERE ((c.school_id = ( SELECT app.school_id() AS school_id)) AND (c.person_id = d.parent_id) AND (c.channel = 'letter'::text) AND (c.settled_at IS NULL))))) AND (NOT (EXISTS ( SELECT
            FROM contact_with_parent c
           WHERE ((c.school_id = ( SELECT app.school_id() AS school_id)) AND (c.parent_id = d.parent_id) AND (c.how = 'letter'::text) AND (c.outcome = ANY (ARRAY['posted'::text, 'handed_over'::text])) AND (c.at >= d.created_at))))));
END;
