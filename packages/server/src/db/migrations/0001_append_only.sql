-- Facts and the ledger are inserted, never changed. The one exception is the erasing of an episode's content,
-- which the erase service announces for its own transaction with: set local leeway.erasing = 'on'.
-- Statement triggers cost nothing on insert. ENABLE ALWAYS: they also hold under session_replication_role = replica.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('episodes', 'episode_chunks')
     AND current_setting('leeway.erasing', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% on % is refused: its rows are facts, inserted and never changed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
DO $$
DECLARE
  fact_table text;
BEGIN
  FOREACH fact_table IN ARRAY ARRAY['episodes', 'episode_chunks', 'episode_tombstones', 'ledger_entries', 'selections',
    'checks', 'decisions', 'anchors', 'ladders', 'releases']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact_table);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact_table);
  END LOOP;
END
$$;
