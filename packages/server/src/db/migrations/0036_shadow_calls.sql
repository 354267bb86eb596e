CREATE TABLE "shadow_calls" (
	"project_id" uuid NOT NULL,
	"turn_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"agent_id" uuid NOT NULL,
	"contract_version" integer NOT NULL,
	"conversation" text NOT NULL,
	"unit_key" text NOT NULL,
	"paired_as" text NOT NULL,
	"baseline_policy_id" uuid NOT NULL,
	"candidate_policy_id" uuid NOT NULL,
	"input_sha256" text NOT NULL,
	"baseline" jsonb NOT NULL,
	"candidate" jsonb,
	"why_none" text,
	"input_tokens" integer,
	"output_tokens" integer,
	"usd" double precision,
	"asked_at" timestamp with time zone,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "shadow_calls_project_id_turn_id_pk" PRIMARY KEY("project_id","turn_id")
);
--> statement-breakpoint
ALTER TABLE "shadow_calls" ADD CONSTRAINT "shadow_calls_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "shadow_calls_by_release" ON "shadow_calls" USING btree ("project_id","release_id","turn_id");--> statement-breakpoint
CREATE INDEX "shadow_calls_by_day" ON "shadow_calls" USING btree ("project_id","agent_id","asked_at");--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shadow_calls FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
ALTER TABLE shadow_calls ENABLE ALWAYS TRIGGER append_only;
