CREATE TABLE "rubric_draft_answers" (
	"project_id" uuid NOT NULL,
	"draft_id" uuid NOT NULL,
	"status" text NOT NULL,
	"reason" text NOT NULL,
	"prompt_version" text NOT NULL,
	"failures" jsonb NOT NULL,
	"questions" jsonb NOT NULL,
	"dropped" integer NOT NULL,
	"input_tokens" integer,
	"output_tokens" integer,
	"cost_usd" double precision,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rubric_draft_answers_project_id_draft_id_pk" PRIMARY KEY("project_id","draft_id")
);
--> statement-breakpoint
CREATE TABLE "rubric_drafts" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"name" text NOT NULL,
	"instruction" text NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rubric_drafts_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "rubric_draft_answers" ADD CONSTRAINT "rubric_draft_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubric_drafts" ADD CONSTRAINT "rubric_drafts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['rubric_drafts', 'rubric_draft_answers'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
