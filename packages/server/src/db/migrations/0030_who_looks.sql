CREATE TABLE "look_draws" (
	"project_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"rater_group" text NOT NULL,
	"probability" double precision NOT NULL,
	"kept_until" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "look_draws_project_id_assignment_id_pk" PRIMARY KEY("project_id","assignment_id")
);
--> statement-breakpoint
CREATE TABLE "look_plans" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"release_id" uuid NOT NULL,
	"groups" jsonb NOT NULL,
	"help" text,
	"help_share" double precision,
	"evidence" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "look_plans_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "critique_reveals" ADD COLUMN "share" double precision;--> statement-breakpoint
ALTER TABLE "critique_reveals" ADD COLUMN "plan_id" uuid;--> statement-breakpoint
ALTER TABLE "split_reveals" ADD COLUMN "plan_id" uuid;--> statement-breakpoint
ALTER TABLE "look_draws" ADD CONSTRAINT "look_draws_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "look_plans" ADD CONSTRAINT "look_plans_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "look_draws_by_plan" ON "look_draws" USING btree ("project_id","plan_id");--> statement-breakpoint
CREATE INDEX "look_plans_by_question" ON "look_plans" USING btree ("project_id","criterion_sha256","id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['look_plans', 'look_draws'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
