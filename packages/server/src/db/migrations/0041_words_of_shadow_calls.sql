CREATE TABLE "shadow_texts" (
	"project_id" uuid NOT NULL,
	"turn_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" bigint,
	"body" text NOT NULL,
	CONSTRAINT "shadow_texts_project_id_turn_id_pk" PRIMARY KEY("project_id","turn_id")
);
--> statement-breakpoint
ALTER TABLE "shadow_texts" ADD CONSTRAINT "shadow_texts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "shadow_texts_by_release" ON "shadow_texts" USING btree ("project_id","release_id");--> statement-breakpoint
CREATE INDEX "shadow_calls_by_unit" ON "shadow_calls" USING btree ("project_id","unit_key");