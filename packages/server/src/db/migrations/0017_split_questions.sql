CREATE TABLE "part_answers" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"part" integer NOT NULL,
	"value" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "part_answers_project_id_rater_id_assignment_id_id_pk" PRIMARY KEY("project_id","rater_id","assignment_id","id")
);
--> statement-breakpoint
CREATE TABLE "split_openings" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"split_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"episode_id" uuid NOT NULL,
	"asked" jsonb NOT NULL,
	"left_out" text[] NOT NULL,
	"answers" integer NOT NULL,
	"usd_max" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "split_openings_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "split_reveals" (
	"project_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"rating_id" uuid NOT NULL,
	"split_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"arm" text NOT NULL,
	"share" double precision NOT NULL,
	"parts" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "split_reveals_project_id_rater_id_assignment_id_pk" PRIMARY KEY("project_id","rater_id","assignment_id")
);
--> statement-breakpoint
CREATE TABLE "split_rules" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"share" double precision NOT NULL,
	"depth_max" integer NOT NULL,
	"answers_max" integer NOT NULL,
	"usd_max" double precision NOT NULL,
	"seed" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "split_rules_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "splits" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"rubric_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"parts" text[] NOT NULL,
	"answers_wanted" integer NOT NULL,
	"judge_id" uuid,
	"plan" jsonb NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "splits_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "study_items" ADD COLUMN "parts" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "part_answers" ADD CONSTRAINT "part_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_openings" ADD CONSTRAINT "split_openings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_reveals" ADD CONSTRAINT "split_reveals_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "split_rules" ADD CONSTRAINT "split_rules_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "splits" ADD CONSTRAINT "splits_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "split_openings_once" ON "split_openings" USING btree ("project_id","split_id","episode_id");--> statement-breakpoint
CREATE INDEX "split_openings_by_item" ON "split_openings" USING btree ("project_id","criterion_sha256","episode_id");--> statement-breakpoint
CREATE INDEX "split_reveals_by_episode" ON "split_reveals" USING btree ("project_id","rater_id","episode_id");--> statement-breakpoint
CREATE INDEX "splits_by_criterion" ON "splits" USING btree ("project_id","criterion_sha256","id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['part_answers', 'split_openings', 'split_reveals', 'split_rules', 'splits'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
