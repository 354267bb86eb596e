CREATE TABLE "studies" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"question" text NOT NULL,
	"rubric_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"arms" jsonb NOT NULL,
	"raters" integer NOT NULL,
	"items_per_rater" integer NOT NULL,
	"consent" text NOT NULL,
	"expected" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"seed" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "studies_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "study_answers" (
	"project_id" uuid NOT NULL,
	"study_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"stage" text NOT NULL,
	"value" text NOT NULL,
	"probability" double precision NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "study_answers_project_id_study_id_rater_id_place_stage_pk" PRIMARY KEY("project_id","study_id","rater_id","place","stage")
);
--> statement-breakpoint
CREATE TABLE "study_consents" (
	"project_id" uuid NOT NULL,
	"study_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "study_consents_project_id_study_id_rater_id_pk" PRIMARY KEY("project_id","study_id","rater_id")
);
--> statement-breakpoint
CREATE TABLE "study_items" (
	"project_id" uuid NOT NULL,
	"study_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"known" text NOT NULL,
	"debate_id" uuid,
	"consultancy_id" uuid,
	"claims" jsonb NOT NULL,
	CONSTRAINT "study_items_project_id_study_id_episode_id_pk" PRIMARY KEY("project_id","study_id","episode_id")
);
--> statement-breakpoint
CREATE TABLE "study_places" (
	"project_id" uuid NOT NULL,
	"study_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"episode_id" uuid NOT NULL,
	"arm" text NOT NULL,
	CONSTRAINT "study_places_project_id_study_id_rater_id_place_pk" PRIMARY KEY("project_id","study_id","rater_id","place")
);
--> statement-breakpoint
CREATE TABLE "study_stops" (
	"project_id" uuid NOT NULL,
	"study_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "study_stops_project_id_study_id_pk" PRIMARY KEY("project_id","study_id")
);
--> statement-breakpoint
ALTER TABLE "studies" ADD CONSTRAINT "studies_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study_answers" ADD CONSTRAINT "study_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study_consents" ADD CONSTRAINT "study_consents_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study_items" ADD CONSTRAINT "study_items_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study_places" ADD CONSTRAINT "study_places_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study_stops" ADD CONSTRAINT "study_stops_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "study_places_by_rater" ON "study_places" USING btree ("project_id","rater_id","episode_id");--> statement-breakpoint
DO $$
DECLARE
  fact_table text;
BEGIN
  FOREACH fact_table IN ARRAY ARRAY['studies', 'study_items', 'study_consents', 'study_places', 'study_answers', 'study_stops']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact_table);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact_table);
  END LOOP;
END
$$;
