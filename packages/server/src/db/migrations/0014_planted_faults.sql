CREATE TABLE "planted_faults" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"operator" text NOT NULL,
	"value" text NOT NULL,
	"step" integer NOT NULL,
	"step_count" integer NOT NULL,
	"error_count" integer NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "planted_faults_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "planted_faults_project_id_episode_id_criterion_sha256_operator_unique" UNIQUE("project_id","episode_id","criterion_sha256","operator")
);
--> statement-breakpoint
CREATE TABLE "planted_reviews" (
	"project_id" uuid NOT NULL,
	"planted_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"accepted" boolean NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "planted_reviews_project_id_planted_id_id_pk" PRIMARY KEY("project_id","planted_id","id")
);
--> statement-breakpoint
CREATE TABLE "rater_copies" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"copy_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"step_count" integer NOT NULL,
	"error_count" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rater_copies_project_id_rater_id_episode_id_pk" PRIMARY KEY("project_id","rater_id","episode_id")
);
--> statement-breakpoint
ALTER TABLE "planted_faults" ADD CONSTRAINT "planted_faults_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planted_reviews" ADD CONSTRAINT "planted_reviews_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rater_copies" ADD CONSTRAINT "rater_copies_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rater_copies_by_copy" ON "rater_copies" USING btree ("project_id","copy_id","rater_id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['planted_faults', 'planted_reviews', 'rater_copies'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
