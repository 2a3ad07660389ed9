-- Owned by wb_helper; called by wb_documents.
CREATE OR REPLACE FUNCTION app.who_texted(p_number_hash bytea, p_since timestamp with time zone)
 RETURNS TABLE(school_id uuid, authority_id uuid, recipient_kind text, recipient_id uuid, sent_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 SELECT o.school_id,
     s.authority_id,
     o.recipient_kind,
     o.recipient_id,
     o.sent_at
    FROM (outbox o
      JOIN school s ON ((s.school_id = o.school_id)))
   WHERE ((o.number_hash = who_texted.p_number_hash) AND (o.sent_at >= who_texted.p_since));
END;
