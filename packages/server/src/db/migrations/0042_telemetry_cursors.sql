CREATE TABLE "telemetry_cursors" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"rating_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "telemetry_cursors" ADD CONSTRAINT "telemetry_cursors_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;