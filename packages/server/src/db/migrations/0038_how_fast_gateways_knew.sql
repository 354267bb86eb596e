CREATE TABLE "gateway_reaches" (
	"project_id" uuid NOT NULL,
	"ledger_seq" bigint NOT NULL,
	"took_ms" integer,
	"replicas" integer NOT NULL,
	"missing" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "gateway_reaches_project_id_ledger_seq_pk" PRIMARY KEY("project_id","ledger_seq")
);
--> statement-breakpoint
ALTER TABLE "gateway_reaches" ADD CONSTRAINT "gateway_reaches_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON gateway_reaches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
ALTER TABLE gateway_reaches ENABLE ALWAYS TRIGGER append_only;
