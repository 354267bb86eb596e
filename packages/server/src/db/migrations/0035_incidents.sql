CREATE TABLE "incident_ends" (
	"project_id" uuid NOT NULL,
	"incident_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"ledger_seq" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_ends_project_id_incident_id_pk" PRIMARY KEY("project_id","incident_id")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"severity" text NOT NULL,
	"reason" text NOT NULL,
	"release_id" uuid,
	"rollback_ordinal" bigint,
	"criterion_sha256" text,
	"frozen" jsonb NOT NULL,
	"frozen_sha256" text NOT NULL,
	"actor" text NOT NULL,
	"ledger_seq" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "incidents_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "incident_ends" ADD CONSTRAINT "incident_ends_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "incidents_by_episode" ON "incidents" USING btree ("project_id","episode_id");--> statement-breakpoint
CREATE INDEX "incidents_by_release" ON "incidents" USING btree ("project_id","release_id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['incidents', 'incident_ends'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE FUNCTION note_incident_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  happened jsonb := to_jsonb(NEW);
BEGIN
  -- Nobody is told again of what a backup holds.
  IF current_setting('application_name') = 'leeway restore'
    OR NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.project_id = NEW.project_id) THEN
    RETURN NULL;
  END IF;
  INSERT INTO webhook_events (project_id, kind, subject, at)
    VALUES (NEW.project_id, TG_ARGV[0], happened->>TG_ARGV[1], NEW.at) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON incidents FOR EACH ROW EXECUTE FUNCTION note_incident_event('incident.reported', 'id');
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON incident_ends FOR EACH ROW EXECUTE FUNCTION note_incident_event('incident.closed', 'incident_id');
