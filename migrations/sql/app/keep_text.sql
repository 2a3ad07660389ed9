-- Owned by wb_helper; called by wb_public.
CREATE OR REPLACE FUNCTION app.keep_text(p_reply uuid, p_number text, p_words text, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
 INSERT INTO text_said (reply_id, number, words, at, said_at)  SELECT keep_text.p_reply AS p_reply,
             keep_text.p_number AS p_number,
             keep_text.p_words AS p_words,
             keep_text.p_at AS p_at,
             app.now() AS now
           WHERE (NOT (EXISTS ( SELECT
                    FROM heard_text h
                   WHERE (h.reply_id = keep_text.p_reply)))) ON CONFLICT(reply_id) DO NOTHING;
END;
