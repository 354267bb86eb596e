CREATE TABLE "debate_judgments" (
	"project_id" uuid NOT NULL,
	"debate_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"probability_a" double precision,
	"stop" boolean NOT NULL,
	"comment" text NOT NULL,
	"cost_usd" double precision,
	"started_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "debate_judgments_project_id_debate_id_round_pk" PRIMARY KEY("project_id","debate_id","round")
);
--> statement-breakpoint
CREATE TABLE "debate_seats" (
	"project_id" uuid NOT NULL,
	"debate_id" uuid NOT NULL,
	"seat" text NOT NULL,
	"rater_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "debate_seats_project_id_debate_id_seat_pk" PRIMARY KEY("project_id","debate_id","seat")
);
--> statement-breakpoint
CREATE TABLE "debate_speeches" (
	"project_id" uuid NOT NULL,
	"debate_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"side" text NOT NULL,
	"text" text NOT NULL,
	"silent" text,
	"cost_usd" double precision,
	"started_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "debate_speeches_project_id_debate_id_round_side_pk" PRIMARY KEY("project_id","debate_id","round","side")
);
--> statement-breakpoint
CREATE TABLE "debates" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rubric_id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"answer_a" text NOT NULL,
	"answer_b" text NOT NULL,
	"swapped" boolean NOT NULL,
	"speakers" jsonb NOT NULL,
	"rounds" integer NOT NULL,
	"words" integer NOT NULL,
	"round_cost" double precision NOT NULL,
	"judge_sees" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "debates_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "debate_judgments" ADD CONSTRAINT "debate_judgments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debate_seats" ADD CONSTRAINT "debate_seats_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debate_speeches" ADD CONSTRAINT "debate_speeches_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debates" ADD CONSTRAINT "debates_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "debate_seats_by_rater" ON "debate_seats" USING btree ("project_id","rater_id");--> statement-breakpoint
DO $$
DECLARE
  fact_table text;
BEGIN
  FOREACH fact_table IN ARRAY ARRAY['debates', 'debate_seats', 'debate_speeches', 'debate_judgments']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact_table);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact_table);
  END LOOP;
END
$$;
