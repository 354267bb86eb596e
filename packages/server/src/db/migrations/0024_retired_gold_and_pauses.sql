CREATE TABLE "pause_note_ends" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"note_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "pause_note_ends_project_id_rater_id_note_id_pk" PRIMARY KEY("project_id","rater_id","note_id")
);
--> statement-breakpoint
CREATE TABLE "pause_notes" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"upto" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "pause_notes_project_id_rater_id_id_pk" PRIMARY KEY("project_id","rater_id","id")
);
--> statement-breakpoint
CREATE TABLE "gold_retirements" (
	"project_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "gold_retirements_project_id_criterion_sha256_episode_id_pk" PRIMARY KEY("project_id","criterion_sha256","episode_id")
);
--> statement-breakpoint
ALTER TABLE "pause_note_ends" ADD CONSTRAINT "pause_note_ends_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pause_notes" ADD CONSTRAINT "pause_notes_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gold_retirements" ADD CONSTRAINT "gold_retirements_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['gold_retirements', 'pause_notes', 'pause_note_ends'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
