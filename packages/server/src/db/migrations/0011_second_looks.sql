CREATE TABLE "second_look_labels" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"arm" text NOT NULL,
	"failure" double precision,
	"labelled_at" timestamp with time zone NOT NULL,
	CONSTRAINT "second_look_labels_project_id_release_id_sequence_arm_pk" PRIMARY KEY("project_id","release_id","sequence","arm")
);
--> statement-breakpoint
CREATE TABLE "second_looks" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"arm" text NOT NULL,
	"probability" double precision NOT NULL,
	"drawn" boolean NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	CONSTRAINT "second_looks_project_id_release_id_sequence_arm_pk" PRIMARY KEY("project_id","release_id","sequence","arm")
);
--> statement-breakpoint
ALTER TABLE "second_look_labels" ADD CONSTRAINT "second_look_labels_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_looks" ADD CONSTRAINT "second_looks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['second_looks', 'second_look_labels'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
