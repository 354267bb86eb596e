CREATE TABLE "mcp_servers" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"provider_key_id" uuid,
	"timeout_ms" integer NOT NULL,
	"actor" text NOT NULL,
	"ledger_seq" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "mcp_servers_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "mcp_servers" ADD CONSTRAINT "mcp_servers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mcp_servers_by_name" ON "mcp_servers" USING btree ("project_id","name","ledger_seq");--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mcp_servers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
ALTER TABLE mcp_servers ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
-- Whoever changes what gateways enforce, they hear of it at once.
CREATE TRIGGER tell_gateways AFTER INSERT ON mcp_servers FOR EACH STATEMENT EXECUTE FUNCTION tell_gateways();
