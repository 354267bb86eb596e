CREATE TABLE "hold_answers" (
	"project_id" uuid NOT NULL,
	"hold_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"arguments_sha256" text NOT NULL,
	"signature" text NOT NULL,
	"key_id" text NOT NULL,
	"actor" text NOT NULL,
	"looked_ms" integer,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "hold_answers_project_id_hold_id_pk" PRIMARY KEY("project_id","hold_id")
);
--> statement-breakpoint
CREATE TABLE "hold_edits" (
	"project_id" uuid NOT NULL,
	"hold_id" uuid NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "hold_edits_project_id_hold_id_pk" PRIMARY KEY("project_id","hold_id")
);
--> statement-breakpoint
CREATE TABLE "hold_escalations" (
	"project_id" uuid NOT NULL,
	"hold_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "hold_escalations_project_id_hold_id_id_pk" PRIMARY KEY("project_id","hold_id","id")
);
--> statement-breakpoint
CREATE TABLE "hold_texts" (
	"project_id" uuid NOT NULL,
	"hold_id" uuid NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "hold_texts_project_id_hold_id_pk" PRIMARY KEY("project_id","hold_id")
);
--> statement-breakpoint
CREATE TABLE "hold_uses" (
	"project_id" uuid NOT NULL,
	"hold_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "hold_uses_project_id_hold_id_pk" PRIMARY KEY("project_id","hold_id")
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"project_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"agent_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"place" text NOT NULL,
	"turn_id" uuid NOT NULL,
	"conversation" text NOT NULL,
	"contract_version" integer NOT NULL,
	"binding" text NOT NULL,
	"tools" text[] NOT NULL,
	"stakes" text NOT NULL,
	"probability" double precision NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "holds_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "hold_answers" ADD CONSTRAINT "hold_answers_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hold_edits" ADD CONSTRAINT "hold_edits_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hold_escalations" ADD CONSTRAINT "hold_escalations_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hold_texts" ADD CONSTRAINT "hold_texts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hold_uses" ADD CONSTRAINT "hold_uses_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "holds_by_time" ON "holds" USING btree ("project_id","expires_at");--> statement-breakpoint
CREATE INDEX "holds_by_turn" ON "holds" USING btree ("project_id","turn_id");--> statement-breakpoint
DO $$
DECLARE fact text;
BEGIN
  FOREACH fact IN ARRAY ARRAY['holds', 'hold_answers', 'hold_escalations', 'hold_uses'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', fact);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', fact);
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE FUNCTION tell_of_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('leeway_holds', NEW.hold_id::text);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER tell_of_hold AFTER INSERT ON hold_answers FOR EACH ROW EXECUTE FUNCTION tell_of_hold();
