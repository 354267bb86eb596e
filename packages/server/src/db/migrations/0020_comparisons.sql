CREATE TABLE "comparison_answers" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"pair_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"left_episode_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"value" text,
	"reason" text,
	"probability" double precision,
	"comment" text NOT NULL,
	"left_evidence" integer[] NOT NULL,
	"right_evidence" integer[] NOT NULL,
	"flagged" boolean NOT NULL,
	"supersedes" uuid,
	"commit_key" text NOT NULL,
	"started_at" timestamp with time zone,
	"committed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "comparison_answers_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "comparison_draws" (
	"project_id" uuid NOT NULL,
	"pair_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"left_episode_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "comparison_draws_project_id_pair_id_rater_id_pk" PRIMARY KEY("project_id","pair_id","rater_id")
);
--> statement-breakpoint
CREATE TABLE "comparison_known" (
	"project_id" uuid NOT NULL,
	"pair_id" uuid NOT NULL,
	"better_episode_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "comparison_known_project_id_pair_id_pk" PRIMARY KEY("project_id","pair_id")
);
--> statement-breakpoint
CREATE TABLE "comparison_pairs" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"first_episode_id" uuid NOT NULL,
	"second_episode_id" uuid NOT NULL,
	"unit_sha256" text NOT NULL,
	"first_length" integer NOT NULL,
	"second_length" integer NOT NULL,
	"position" double precision NOT NULL,
	"answers_wanted" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "comparison_pairs_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "comparison_requests" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rubric_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"policies" jsonb NOT NULL,
	"answers_wanted" integer NOT NULL,
	"judges" jsonb NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "comparison_requests_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "comparison_reservations" (
	"project_id" uuid NOT NULL,
	"pair_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "comparison_reservations_project_id_pair_id_rater_id_pk" PRIMARY KEY("project_id","pair_id","rater_id")
);
--> statement-breakpoint
ALTER TABLE "comparison_answers" ADD CONSTRAINT "comparison_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_draws" ADD CONSTRAINT "comparison_draws_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_known" ADD CONSTRAINT "comparison_known_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_pairs" ADD CONSTRAINT "comparison_pairs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_requests" ADD CONSTRAINT "comparison_requests_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_reservations" ADD CONSTRAINT "comparison_reservations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "comparison_answers_commit" ON "comparison_answers" USING btree ("project_id","rater_id","commit_key");--> statement-breakpoint
CREATE UNIQUE INDEX "comparison_answers_supersedes" ON "comparison_answers" USING btree ("project_id","supersedes") WHERE supersedes is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "comparison_answers_first" ON "comparison_answers" USING btree ("project_id","rater_id","pair_id","left_episode_id") WHERE supersedes is null;--> statement-breakpoint
CREATE INDEX "comparison_answers_by_pair" ON "comparison_answers" USING btree ("project_id","pair_id");--> statement-breakpoint
CREATE INDEX "comparison_answers_by_rater" ON "comparison_answers" USING btree ("project_id","rater_id","id");--> statement-breakpoint
CREATE INDEX "comparison_draws_by_rater" ON "comparison_draws" USING btree ("project_id","rater_id");--> statement-breakpoint
CREATE UNIQUE INDEX "comparison_pairs_once" ON "comparison_pairs" USING btree ("project_id","criterion_sha256","first_episode_id","second_episode_id");--> statement-breakpoint
CREATE INDEX "comparison_pairs_queue" ON "comparison_pairs" USING btree ("project_id","position","id");--> statement-breakpoint
CREATE INDEX "comparison_pairs_question" ON "comparison_pairs" USING btree ("project_id","agent_id","criterion_sha256");--> statement-breakpoint
CREATE INDEX "comparison_requests_question" ON "comparison_requests" USING btree ("project_id","agent_id","criterion_sha256");--> statement-breakpoint
CREATE INDEX "comparison_reservations_by_rater" ON "comparison_reservations" USING btree ("project_id","rater_id","expires_at");
--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['comparison_requests', 'comparison_pairs', 'comparison_known', 'comparison_draws', 'comparison_answers'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
