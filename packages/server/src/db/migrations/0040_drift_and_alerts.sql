CREATE TABLE "alert_ends" (
	"project_id" uuid NOT NULL,
	"alert_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "alert_ends_project_id_alert_id_pk" PRIMARY KEY("project_id","alert_id")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"place" text NOT NULL,
	"sentence" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "alerts_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "drift_limits" (
	"project_id" uuid NOT NULL,
	"ledger_seq" bigint NOT NULL,
	"share_max" double precision,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "drift_limits_project_id_ledger_seq_pk" PRIMARY KEY("project_id","ledger_seq")
);
--> statement-breakpoint
CREATE TABLE "drift_readings" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"seed" integer NOT NULL,
	"asked" jsonb NOT NULL,
	"done" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "drift_readings_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "alert_ends" ADD CONSTRAINT "alert_ends_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drift_limits" ADD CONSTRAINT "drift_limits_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drift_readings" ADD CONSTRAINT "drift_readings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_by_time" ON "alerts" USING btree ("project_id","at");--> statement-breakpoint
CREATE INDEX "drift_readings_by_agent" ON "drift_readings" USING btree ("project_id","agent_id","at");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['alerts', 'alert_ends', 'drift_readings', 'drift_limits'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION note_incident_event('alert.began', 'id');
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON alert_ends FOR EACH ROW EXECUTE FUNCTION note_incident_event('alert.ended', 'alert_id');
