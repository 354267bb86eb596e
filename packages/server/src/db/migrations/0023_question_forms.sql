CREATE TABLE "question_form_rules" (
	"project_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"id" uuid NOT NULL,
	"share" double precision NOT NULL,
	"known_share" double precision NOT NULL,
	"planted_share" double precision NOT NULL,
	"seed" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "question_form_rules_project_id_criterion_sha256_id_pk" PRIMARY KEY("project_id","criterion_sha256","id")
);
--> statement-breakpoint
CREATE TABLE "question_forms" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"form" text NOT NULL,
	"probability" double precision NOT NULL,
	"before_id" uuid,
	"proposed" jsonb,
	"source_rating_id" uuid,
	"planted" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "question_forms_pk" PRIMARY KEY("project_id","rater_id","episode_id","criterion_sha256")
);
--> statement-breakpoint
ALTER TABLE "judge_runs" ADD COLUMN "verify_share" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ratings" ADD COLUMN "form" text DEFAULT 'find' NOT NULL;--> statement-breakpoint
ALTER TABLE "question_form_rules" ADD CONSTRAINT "question_form_rules_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_forms" ADD CONSTRAINT "question_forms_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "question_forms_before" ON "question_forms" USING btree ("project_id","rater_id","before_id") WHERE before_id is not null;--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['question_form_rules', 'question_forms'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
