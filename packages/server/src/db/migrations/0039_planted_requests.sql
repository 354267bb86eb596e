CREATE TABLE "approval_pause_note_ends" (
	"project_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"note_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "approval_pause_note_ends_project_id_actor_note_id_pk" PRIMARY KEY("project_id","actor","note_id")
);
--> statement-breakpoint
CREATE TABLE "approval_pause_notes" (
	"project_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"id" uuid NOT NULL,
	"upto" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "approval_pause_notes_project_id_actor_id_pk" PRIMARY KEY("project_id","actor","id")
);
--> statement-breakpoint
CREATE TABLE "planted_request_draws" (
	"project_id" uuid NOT NULL,
	"decided_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"probability" double precision NOT NULL,
	"outcome" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "planted_request_draws_project_id_decided_id_pk" PRIMARY KEY("project_id","decided_id")
);
--> statement-breakpoint
CREATE TABLE "planted_request_rules" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"share" double precision NOT NULL,
	"seed" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "planted_request_rules_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "planted_requests" (
	"project_id" uuid NOT NULL,
	"hold_id" uuid NOT NULL,
	"original_id" uuid NOT NULL,
	"decided_id" uuid NOT NULL,
	"operator" text NOT NULL,
	"seed" integer NOT NULL,
	"arguments_sha256" text NOT NULL,
	"reading_seconds" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "planted_requests_project_id_hold_id_pk" PRIMARY KEY("project_id","hold_id"),
	CONSTRAINT "planted_requests_project_id_original_id_unique" UNIQUE("project_id","original_id")
);
--> statement-breakpoint
ALTER TABLE "approval_pause_note_ends" ADD CONSTRAINT "approval_pause_note_ends_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_pause_notes" ADD CONSTRAINT "approval_pause_notes_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planted_request_draws" ADD CONSTRAINT "planted_request_draws_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planted_request_rules" ADD CONSTRAINT "planted_request_rules_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planted_requests" ADD CONSTRAINT "planted_requests_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "planted_request_draws_by_actor" ON "planted_request_draws" USING btree ("project_id","actor","at");--> statement-breakpoint
CREATE INDEX "planted_requests_by_decided" ON "planted_requests" USING btree ("project_id","decided_id");--> statement-breakpoint
CREATE INDEX "hold_answers_by_time" ON "hold_answers" USING btree ("project_id","at");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['planted_request_rules', 'planted_request_draws', 'planted_requests', 'approval_pause_notes', 'approval_pause_note_ends'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
