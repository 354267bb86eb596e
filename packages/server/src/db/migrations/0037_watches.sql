CREATE TABLE "watch_alarms" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"ledger_seq" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "watch_alarms_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "watch_readings" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"kind" text NOT NULL,
	"failure" double precision,
	"payoff" double precision NOT NULL,
	"units" integer NOT NULL,
	"log_parts" double precision[] NOT NULL,
	"log_value" double precision NOT NULL,
	"alarmed" boolean NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "watch_readings_project_id_release_id_sequence_pk" PRIMARY KEY("project_id","release_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "watched_units" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"unit_key" text NOT NULL,
	"ended_by" text NOT NULL,
	"probability" double precision NOT NULL,
	"drawn" boolean NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL,
	"label_due_at" timestamp with time zone NOT NULL,
	CONSTRAINT "watched_units_project_id_release_id_sequence_pk" PRIMARY KEY("project_id","release_id","sequence"),
	CONSTRAINT "watched_units_project_id_release_id_unit_key_unique" UNIQUE("project_id","release_id","unit_key")
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"promised_rate" double precision NOT NULL,
	"audit_probability" double precision NOT NULL,
	"alpha" double precision NOT NULL,
	"seed_commitment" text NOT NULL,
	"seed_hex" text NOT NULL,
	"ledger_seq" bigint NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	CONSTRAINT "watches_project_id_release_id_pk" PRIMARY KEY("project_id","release_id")
);
--> statement-breakpoint
ALTER TABLE "watch_alarms" ADD CONSTRAINT "watch_alarms_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_readings" ADD CONSTRAINT "watch_readings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watched_units" ADD CONSTRAINT "watched_units_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watches" ADD CONSTRAINT "watches_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "watch_alarms_by_release" ON "watch_alarms" USING btree ("project_id","release_id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['watches', 'watched_units', 'watch_readings', 'watch_alarms'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE TRIGGER note_webhook_event AFTER INSERT ON watch_alarms FOR EACH ROW EXECUTE FUNCTION note_incident_event('watch.alarmed', 'id');
