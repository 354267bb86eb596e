CREATE TABLE "audit_draws" (
	"project_id" uuid NOT NULL,
	"release_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"probability" double precision NOT NULL,
	"ended_by" text NOT NULL,
	"drawn" boolean NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL,
	CONSTRAINT "audit_draws_project_id_release_id_sequence_pk" PRIMARY KEY("project_id","release_id","sequence")
);
--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "evidence" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "labels" ADD COLUMN "basis" text DEFAULT 'own' NOT NULL;--> statement-breakpoint
ALTER TABLE "selections" ADD COLUMN "audit_at_end" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_draws" ADD CONSTRAINT "audit_draws_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "gateway_turns_by_unit" ON "gateway_turns" USING btree ("project_id","unit_key");--> statement-breakpoint
DO $$
BEGIN
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_draws FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE audit_draws ENABLE ALWAYS TRIGGER append_only;
END
$$;
