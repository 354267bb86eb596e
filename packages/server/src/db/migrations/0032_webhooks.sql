CREATE TABLE "webhook_deliveries" (
	"project_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"attempt" integer NOT NULL,
	"status" integer,
	"problem" text,
	"took_ms" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_deliveries_project_id_webhook_id_kind_subject_attempt_pk" PRIMARY KEY("project_id","webhook_id","kind","subject","attempt")
);
--> statement-breakpoint
CREATE TABLE "webhook_ends" (
	"project_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_ends_project_id_webhook_id_kind_pk" PRIMARY KEY("project_id","webhook_id","kind")
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_events_project_id_kind_subject_pk" PRIMARY KEY("project_id","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "webhook_secrets" (
	"project_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_secrets_project_id_webhook_id_id_pk" PRIMARY KEY("project_id","webhook_id","id")
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"shape" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhooks_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_ends" ADD CONSTRAINT "webhook_ends_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_events" ADD CONSTRAINT "webhook_events_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_events_by_time" ON "webhook_events" USING btree ("at");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['webhooks', 'webhook_ends', 'webhook_events', 'webhook_deliveries'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE FUNCTION note_webhook_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kind text;
  subject text;
  at timestamptz;
BEGIN
  -- Nobody is told again of what a backup holds.
  IF current_setting('application_name') = 'leeway restore'
    OR NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.project_id = NEW.project_id) THEN
    RETURN NULL;
  END IF;
  IF TG_TABLE_NAME = 'holds' THEN
    kind := 'hold.opened'; subject := NEW.id::text; at := NEW.asked_at;
  ELSIF TG_TABLE_NAME = 'halts' THEN
    kind := CASE WHEN NEW.halted THEN 'halt.set' ELSE 'halt.lifted' END; subject := NEW.id::text; at := NEW.at;
  ELSIF NEW.kind IN ('promote', 'complete') THEN
    kind := 'release.promoted'; subject := NEW.release_id::text || ':' || NEW.ordinal::text; at := NEW.at;
  ELSIF NEW.kind = 'rollback' THEN
    kind := 'release.rolled_back'; subject := NEW.release_id::text || ':' || NEW.ordinal::text; at := NEW.at;
  ELSE
    RETURN NULL;
  END IF;
  INSERT INTO webhook_events (project_id, kind, subject, at) VALUES (NEW.project_id, kind, subject, at) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON holds FOR EACH ROW EXECUTE FUNCTION note_webhook_event();
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON halts FOR EACH ROW EXECUTE FUNCTION note_webhook_event();
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION note_webhook_event();
