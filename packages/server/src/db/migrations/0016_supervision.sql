CREATE TABLE "link_items" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"kind" text NOT NULL,
	"item_id" uuid NOT NULL,
	"said" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "link_items_project_id_release_id_ordinal_pk" PRIMARY KEY("project_id","release_id","ordinal"),
	CONSTRAINT "link_items_project_id_release_id_kind_item_id_unique" UNIQUE("project_id","release_id","kind","item_id")
);
--> statement-breakpoint
CREATE TABLE "release_supervisors" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"rater_id" uuid,
	"policy_id" uuid,
	"named" boolean NOT NULL,
	"reason" text NOT NULL,
	"same_family" boolean NOT NULL,
	"ground" text NOT NULL,
	"below_release_id" uuid,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "release_supervisors_project_id_release_id_pk" PRIMARY KEY("project_id","release_id")
);
--> statement-breakpoint
CREATE TABLE "supervisors" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"rater_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"roles" jsonb NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "supervisors_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "link_items" ADD CONSTRAINT "link_items_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "release_supervisors" ADD CONSTRAINT "release_supervisors_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "supervisors" ADD CONSTRAINT "supervisors_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['supervisors', 'release_supervisors', 'link_items'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
