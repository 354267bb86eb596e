CREATE TABLE "adjudications" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"episode_id" uuid NOT NULL,
	"criterion_sha256" text NOT NULL,
	"rater_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"value" text,
	"reason" text,
	"comment" text NOT NULL,
	"rating_ids" uuid[] NOT NULL,
	"supersedes" uuid,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "adjudications_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "adjudications" ADD CONSTRAINT "adjudications_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "adjudications_first" ON "adjudications" USING btree ("project_id","criterion_sha256","episode_id") WHERE supersedes is null;--> statement-breakpoint
CREATE UNIQUE INDEX "adjudications_supersedes" ON "adjudications" USING btree ("project_id","supersedes") WHERE supersedes is not null;--> statement-breakpoint
CREATE INDEX "adjudications_by_rater" ON "adjudications" USING btree ("project_id","rater_id");--> statement-breakpoint
CREATE INDEX "adjudications_by_item" ON "adjudications" USING btree ("project_id","criterion_sha256","episode_id");--> statement-breakpoint
DO $$
BEGIN
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON adjudications FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE adjudications ENABLE ALWAYS TRIGGER append_only;
END
$$;
