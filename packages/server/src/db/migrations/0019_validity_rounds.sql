CREATE TABLE "validity_answers" (
	"project_id" uuid NOT NULL,
	"round_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"said_planted" boolean NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "validity_answers_project_id_round_id_rater_id_place_pk" PRIMARY KEY("project_id","round_id","rater_id","place")
);
--> statement-breakpoint
CREATE TABLE "validity_places" (
	"project_id" uuid NOT NULL,
	"round_id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"operator" text NOT NULL,
	"coin" double precision NOT NULL,
	"planted" boolean NOT NULL,
	"episode_id" uuid NOT NULL,
	"original_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"value" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "validity_places_project_id_round_id_rater_id_place_pk" PRIMARY KEY("project_id","round_id","rater_id","place")
);
--> statement-breakpoint
CREATE TABLE "validity_round_ends" (
	"project_id" uuid NOT NULL,
	"round_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "validity_round_ends_project_id_round_id_pk" PRIMARY KEY("project_id","round_id")
);
--> statement-breakpoint
CREATE TABLE "validity_rounds" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"operator" text,
	"questions" integer NOT NULL,
	"consent" text NOT NULL,
	"seed" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "validity_rounds_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "validity_answers" ADD CONSTRAINT "validity_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "validity_places" ADD CONSTRAINT "validity_places_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "validity_round_ends" ADD CONSTRAINT "validity_round_ends_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "validity_rounds" ADD CONSTRAINT "validity_rounds_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "validity_places_by_rater" ON "validity_places" USING btree ("project_id","rater_id","original_id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['validity_rounds', 'validity_round_ends', 'validity_places', 'validity_answers'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
