CREATE TABLE "written_claims" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"rater_id" uuid NOT NULL,
	"claim" jsonb,
	"takes_back" uuid,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "written_claims_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "critique_reveals" ADD COLUMN "whole" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "critique_rules" ADD COLUMN "shown_from" text DEFAULT 'minor' NOT NULL;--> statement-breakpoint
ALTER TABLE "critique_rules" ADD COLUMN "claims_max" integer DEFAULT 6 NOT NULL;--> statement-breakpoint
ALTER TABLE "written_claims" ADD CONSTRAINT "written_claims_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "written_claims_by_episode" ON "written_claims" USING btree ("project_id","episode_id","criterion_sha256");--> statement-breakpoint
CREATE INDEX "written_claims_by_rater" ON "written_claims" USING btree ("project_id","rater_id");--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "written_claims" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
ALTER TABLE "written_claims" ENABLE ALWAYS TRIGGER append_only;
