CREATE TABLE "autonomy_contracts" (
	"project_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"document" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"signature" text NOT NULL,
	"key_id" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	CONSTRAINT "autonomy_contracts_project_id_agent_id_version_pk" PRIMARY KEY("project_id","agent_id","version")
);
--> statement-breakpoint
CREATE TABLE "gateway_episodes" (
	"project_id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"conversation" text NOT NULL,
	"part" integer NOT NULL,
	"source_id" text NOT NULL,
	"last_turn_id" uuid NOT NULL,
	"turns" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "gateway_episodes_project_id_agent_id_conversation_part_pk" PRIMARY KEY("project_id","agent_id","conversation","part")
);
--> statement-breakpoint
CREATE TABLE "gateway_replicas" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"snapshot" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gateway_texts" (
	"project_id" uuid NOT NULL,
	"turn_id" uuid NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "gateway_texts_project_id_turn_id_pk" PRIMARY KEY("project_id","turn_id")
);
--> statement-breakpoint
CREATE TABLE "gateway_turns" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"role" text NOT NULL,
	"conversation" text NOT NULL,
	"unit_key" text NOT NULL,
	"contract_version" integer NOT NULL,
	"outcome" text NOT NULL,
	"decisions" jsonb NOT NULL,
	"input_tokens" integer,
	"output_tokens" integer,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	"shipped_at" timestamp with time zone NOT NULL,
	CONSTRAINT "gateway_turns_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "halts" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"halted" boolean NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "halts_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "policy_servings" (
	"project_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"upstream" text NOT NULL,
	"model" text NOT NULL,
	"set" jsonb NOT NULL,
	"usd_per_million" jsonb,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "policy_servings_project_id_policy_id_id_pk" PRIMARY KEY("project_id","policy_id","id")
);
--> statement-breakpoint
CREATE TABLE "upstreams" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"base_url" text NOT NULL,
	"provider_key_id" uuid,
	"timeout_ms" integer NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "upstreams_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "autonomy_contracts" ADD CONSTRAINT "autonomy_contracts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "autonomy_contracts" ADD CONSTRAINT "autonomy_contracts_project_id_agent_id_agents_project_id_id_fk" FOREIGN KEY ("project_id","agent_id") REFERENCES "public"."agents"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_episodes" ADD CONSTRAINT "gateway_episodes_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_texts" ADD CONSTRAINT "gateway_texts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_turns" ADD CONSTRAINT "gateway_turns_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "halts" ADD CONSTRAINT "halts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_servings" ADD CONSTRAINT "policy_servings_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upstreams" ADD CONSTRAINT "upstreams_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "gateway_episodes_source" ON "gateway_episodes" USING btree ("project_id","source_id");--> statement-breakpoint
CREATE INDEX "gateway_turns_by_conversation" ON "gateway_turns" USING btree ("project_id","agent_id","conversation","id");--> statement-breakpoint
CREATE INDEX "gateway_turns_by_time" ON "gateway_turns" USING btree ("project_id","ended_at");--> statement-breakpoint
CREATE INDEX "upstreams_by_name" ON "upstreams" USING btree ("project_id","name","id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['autonomy_contracts', 'upstreams', 'policy_servings', 'halts', 'gateway_turns', 'gateway_episodes'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE FUNCTION tell_gateways() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('leeway_gateway', TG_TABLE_NAME);
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Whoever changes what gateways enforce, they hear of it at once.
DO $$
DECLARE told text;
BEGIN
  FOREACH told IN ARRAY ARRAY['autonomy_contracts', 'upstreams', 'policy_servings', 'halts', 'api_keys', 'provider_keys'] LOOP
    EXECUTE format('CREATE TRIGGER tell_gateways AFTER INSERT ON %I FOR EACH STATEMENT EXECUTE FUNCTION tell_gateways()', told);
  END LOOP;
  FOREACH told IN ARRAY ARRAY['api_keys', 'provider_keys'] LOOP
    EXECUTE format('CREATE TRIGGER tell_gateways_of_change AFTER UPDATE OF revoked_at ON %I FOR EACH STATEMENT EXECUTE FUNCTION tell_gateways()', told);
  END LOOP;
END
$$;
