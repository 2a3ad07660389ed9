-- Owned by wb_helper; called by wb_public.
CREATE OR REPLACE FUNCTION app.keep_council_text(p_token bytea, p_reply uuid, p_number text, p_words text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 UPDATE notify_callback c SET heard_at = app.now(), before_hash = NULL::bytea
   WHERE ((c.token_hash = keep_council_text.p_token) AND (c.heard_at IS NULL));
 INSERT INTO text_said (reply_id, number, words, at, said_at, said_by)  SELECT keep_council_text.p_reply AS p_reply,
             keep_council_text.p_number AS p_number,
             keep_council_text.p_words AS p_words,
             keep_council_text.p_at AS p_at,
             app.now() AS now,
             c.authority_id
            FROM notify_callback c
           WHERE (((c.token_hash = keep_council_text.p_token) OR (c.before_hash = keep_council_text.p_token)) AND (NOT (EXISTS ( SELECT
                    FROM heard_text h
                   WHERE (h.reply_id = keep_council_text.p_reply))))) ON CONFLICT(reply_id) DO NOTHING;
END;
