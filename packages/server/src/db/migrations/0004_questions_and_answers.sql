CREATE TABLE "assignment_purposes" (
	"project_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"release_id" uuid,
	"sequence" bigint,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "assignment_purposes_project_id_assignment_id_id_pk" PRIMARY KEY("project_id","assignment_id","id")
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rubric_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"position" double precision NOT NULL,
	"answers_wanted" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "assignments_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "assignments_project_id_episode_id_criterion_sha256_unique" UNIQUE("project_id","episode_id","criterion_sha256")
);
--> statement-breakpoint
CREATE TABLE "gold_answers" (
	"project_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"value" text NOT NULL,
	"part" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "gold_answers_project_id_episode_id_criterion_sha256_pk" PRIMARY KEY("project_id","episode_id","criterion_sha256")
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"project_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "reservations_project_id_assignment_id_rater_id_pk" PRIMARY KEY("project_id","assignment_id","rater_id")
);
--> statement-breakpoint
CREATE TABLE "judge_runs" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"rubric_id" uuid NOT NULL,
	"scope" jsonb NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	CONSTRAINT "judge_runs_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "model_calls" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"request_sha256" text NOT NULL,
	"prompt_version" text NOT NULL,
	"status" text NOT NULL,
	"response" jsonb,
	"input_tokens" integer,
	"output_tokens" integer,
	"cost_usd" double precision,
	"duration_ms" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "model_calls_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "spend_limits" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"usd_per_day" double precision NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "spend_limits_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "spend_reservations" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"day" text NOT NULL,
	"cost_usd" double precision NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "spend_reservations_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "rater_tiers" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"tier" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "rater_tiers_project_id_rater_id_id_pk" PRIMARY KEY("project_id","rater_id","id")
);
--> statement-breakpoint
CREATE TABLE "raters" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"family" text NOT NULL,
	"user_id" text,
	"definition" jsonb,
	"identity" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "raters_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "ratings" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"rater_id" uuid NOT NULL,
	"assignment_id" uuid,
	"kind" text NOT NULL,
	"value" jsonb,
	"reason" text,
	"probability" double precision,
	"comment" text NOT NULL,
	"evidence" integer[] NOT NULL,
	"flagged" boolean NOT NULL,
	"assistance" text NOT NULL,
	"supersedes" uuid,
	"commit_key" text NOT NULL,
	"started_at" timestamp with time zone,
	"committed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ratings_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "criteria" (
	"project_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "criteria_project_id_sha256_pk" PRIMARY KEY("project_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "rubrics" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"sha256" text NOT NULL,
	"definition" jsonb NOT NULL,
	"source" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rubrics_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "rubrics_project_id_agent_id_name_version_unique" UNIQUE("project_id","agent_id","name","version")
);
--> statement-breakpoint
ALTER TABLE "assignment_purposes" ADD CONSTRAINT "assignment_purposes_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gold_answers" ADD CONSTRAINT "gold_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "judge_runs" ADD CONSTRAINT "judge_runs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spend_limits" ADD CONSTRAINT "spend_limits_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spend_reservations" ADD CONSTRAINT "spend_reservations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rater_tiers" ADD CONSTRAINT "rater_tiers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "raters" ADD CONSTRAINT "raters_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "criteria" ADD CONSTRAINT "criteria_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubrics" ADD CONSTRAINT "rubrics_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubrics" ADD CONSTRAINT "rubrics_project_id_agent_id_agents_project_id_id_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignment_purposes_release" ON "assignment_purposes" USING btree ("project_id","release_id","sequence");--> statement-breakpoint
CREATE INDEX "assignments_queue" ON "assignments" USING btree ("project_id","position","id");--> statement-breakpoint
CREATE INDEX "reservations_by_rater" ON "reservations" USING btree ("project_id","rater_id","expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "model_calls_request" ON "model_calls" USING btree ("project_id","rater_id","request_sha256");--> statement-breakpoint
CREATE INDEX "model_calls_by_time" ON "model_calls" USING btree ("project_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "raters_identity" ON "raters" USING btree ("project_id","identity");--> statement-breakpoint
CREATE UNIQUE INDEX "raters_account" ON "raters" USING btree ("project_id","user_id") WHERE user_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ratings_commit" ON "ratings" USING btree ("project_id","rater_id","commit_key");--> statement-breakpoint
CREATE UNIQUE INDEX "ratings_supersedes" ON "ratings" USING btree ("project_id","supersedes") WHERE supersedes is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ratings_first" ON "ratings" USING btree ("project_id","rater_id","episode_id","criterion_sha256") WHERE supersedes is null;--> statement-breakpoint
CREATE INDEX "ratings_by_episode" ON "ratings" USING btree ("project_id","episode_id","criterion_sha256");--> statement-breakpoint
CREATE INDEX "ratings_by_criterion" ON "ratings" USING btree ("project_id","criterion_sha256","id");--> statement-breakpoint
CREATE INDEX "ratings_by_rater" ON "ratings" USING btree ("project_id","rater_id","id");--> statement-breakpoint
CREATE INDEX "ratings_by_assignment" ON "ratings" USING btree ("project_id","assignment_id");--> statement-breakpoint
DO $$
DECLARE
  fact_table text;
BEGIN
  FOREACH fact_table IN ARRAY ARRAY['rubrics', 'criteria', 'rater_tiers', 'assignments', 'assignment_purposes',
    'gold_answers', 'ratings', 'judge_runs', 'model_calls', 'spend_limits']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact_table);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact_table);
  END LOOP;
END
$$;
