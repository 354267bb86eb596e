CREATE TABLE "gateway_spend" (
	"project_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"day" date NOT NULL,
	"usd" double precision NOT NULL,
	CONSTRAINT "gateway_spend_project_id_agent_id_day_pk" PRIMARY KEY("project_id","agent_id","day")
);
--> statement-breakpoint
ALTER TABLE "gateway_turns" ADD COLUMN "usd" double precision;--> statement-breakpoint
ALTER TABLE "policy_servings" ADD COLUMN "fallback" text;--> statement-breakpoint
ALTER TABLE "gateway_spend" ADD CONSTRAINT "gateway_spend_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;