CREATE TABLE "rater_conflicts" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"excluded" boolean NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rater_conflicts_project_id_rater_id_agent_id_id_pk" PRIMARY KEY("project_id","rater_id","agent_id","id")
);
--> statement-breakpoint
ALTER TABLE "rater_conflicts" ADD CONSTRAINT "rater_conflicts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['rater_conflicts'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
