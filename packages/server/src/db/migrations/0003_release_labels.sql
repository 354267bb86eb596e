CREATE TABLE "labels" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"arm" text NOT NULL,
	"failure" double precision,
	"severe" integer NOT NULL,
	"episodes" integer NOT NULL,
	"labelled_at" timestamp with time zone NOT NULL,
	CONSTRAINT "labels_project_id_release_id_sequence_arm_pk" PRIMARY KEY("project_id","release_id","sequence","arm")
);
--> statement-breakpoint
ALTER TABLE "labels" ADD CONSTRAINT "labels_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON labels FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
ALTER TABLE labels ENABLE ALWAYS TRIGGER append_only;
