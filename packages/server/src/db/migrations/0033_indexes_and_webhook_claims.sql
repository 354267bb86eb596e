CREATE TABLE "webhook_claims" (
	"project_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_claims_project_id_webhook_id_kind_subject_pk" PRIMARY KEY("project_id","webhook_id","kind","subject")
);
--> statement-breakpoint
ALTER TABLE "webhook_claims" ADD CONSTRAINT "webhook_claims_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hold_answers_by_hold" ON "hold_answers" USING btree ("hold_id");--> statement-breakpoint
CREATE INDEX "ledger_keys" ON "ledger_entries" USING btree ("project_id",(body->>'keyId')) WHERE action = 'ledger.key_added';