CREATE TABLE "claim_marks" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"claim" integer NOT NULL,
	"mark" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "claim_marks_project_id_rater_id_assignment_id_id_pk" PRIMARY KEY("project_id","rater_id","assignment_id","id")
);
--> statement-breakpoint
CREATE TABLE "critique_reveals" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"rating_id" uuid NOT NULL,
	"arm" text NOT NULL,
	"claims" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "critique_reveals_project_id_rater_id_assignment_id_pk" PRIMARY KEY("project_id","rater_id","assignment_id")
);
--> statement-breakpoint
CREATE TABLE "critique_rules" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"share" double precision NOT NULL,
	"missed_cost" double precision NOT NULL,
	"seed" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "critique_rules_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "planted_claims" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"claim" jsonb NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "planted_claims_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "assignments" DROP CONSTRAINT "assignments_project_id_episode_id_criterion_sha256_unique";--> statement-breakpoint
ALTER TABLE "ratings" ADD COLUMN "claims" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "claim_marks" ADD CONSTRAINT "claim_marks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "critique_reveals" ADD CONSTRAINT "critique_reveals_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "critique_rules" ADD CONSTRAINT "critique_rules_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planted_claims" ADD CONSTRAINT "planted_claims_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_work" ON "assignments" USING btree ("project_id","episode_id","criterion_sha256") WHERE answers_wanted > 0;--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_drawn" ON "assignments" USING btree ("project_id","episode_id","criterion_sha256") WHERE answers_wanted = 0;--> statement-breakpoint
CREATE INDEX "assignments_by_item" ON "assignments" USING btree ("project_id","episode_id","criterion_sha256");--> statement-breakpoint
DO $$
DECLARE
  fact_table text;
BEGIN
  FOREACH fact_table IN ARRAY ARRAY['critique_rules', 'planted_claims', 'critique_reveals', 'claim_marks']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact_table);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact_table);
  END LOOP;
END
$$;
