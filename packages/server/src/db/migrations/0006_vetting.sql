CREATE TABLE "round_answers" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"draw_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"answer" jsonb NOT NULL,
	"is_right" boolean,
	"started_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "round_answers_project_id_rater_id_draw_id_pk" PRIMARY KEY("project_id","rater_id","draw_id"),
	CONSTRAINT "round_answers_project_id_rater_id_criterion_sha256_episode_id_unique" UNIQUE("project_id","rater_id","criterion_sha256","episode_id")
);
--> statement-breakpoint
CREATE TABLE "vetting_draws" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "vetting_draws_project_id_rater_id_id_pk" PRIMARY KEY("project_id","rater_id","id"),
	CONSTRAINT "vetting_draws_project_id_rater_id_episode_id_criterion_sha256_unique" UNIQUE("project_id","rater_id","episode_id","criterion_sha256")
);
--> statement-breakpoint
CREATE TABLE "vetting_rules" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"bar" double precision NOT NULL,
	"floor" double precision NOT NULL,
	"hidden_share" double precision NOT NULL,
	"round_questions" integer NOT NULL,
	"exposures_max" integer NOT NULL,
	"seed" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "vetting_rules_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "gold_answers" ADD COLUMN "explanation" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "round_answers" ADD CONSTRAINT "round_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vetting_draws" ADD CONSTRAINT "vetting_draws_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vetting_rules" ADD CONSTRAINT "vetting_rules_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "vetting_draws_by_item" ON "vetting_draws" USING btree ("project_id","criterion_sha256","episode_id");--> statement-breakpoint
DO $$
DECLARE
  fact_table text;
BEGIN
  FOREACH fact_table IN ARRAY ARRAY['vetting_rules', 'vetting_draws', 'round_answers']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact_table);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact_table);
  END LOOP;
END
$$;--> statement-breakpoint
-- The tiers have new names; the ledger keeps the words of its time.
ALTER TABLE "rater_tiers" DISABLE TRIGGER append_only;--> statement-breakpoint
UPDATE "rater_tiers" SET "tier" = CASE "tier" WHEN 'trusted' THEN 'vetted' WHEN 'untrusted' THEN 'trainee' ELSE "tier" END;--> statement-breakpoint
ALTER TABLE "rater_tiers" ENABLE ALWAYS TRIGGER append_only;
