CREATE TABLE "gateway_scores" (
	"project_id" uuid NOT NULL,
	"turn_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"agent_id" uuid NOT NULL,
	"conversation" text NOT NULL,
	"candidate_policy_id" uuid NOT NULL,
	"baseline_policy_id" uuid NOT NULL,
	"not_scored" text,
	"tokens" integer,
	"nats" double precision,
	"log_ratio" double precision,
	"log_ratio_max" double precision,
	"is_whole" boolean,
	"usd" double precision,
	"scored_at" timestamp with time zone NOT NULL,
	CONSTRAINT "gateway_scores_project_id_turn_id_round_pk" PRIMARY KEY("project_id","turn_id","round")
);
--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "scores_with" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "gateway_scores" ADD CONSTRAINT "gateway_scores_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "gateway_scores_by_conversation" ON "gateway_scores" USING btree ("project_id","agent_id","conversation");--> statement-breakpoint
CREATE INDEX "gateway_scores_by_policy" ON "gateway_scores" USING btree ("project_id","candidate_policy_id");--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON gateway_scores FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
ALTER TABLE gateway_scores ENABLE ALWAYS TRIGGER append_only;
