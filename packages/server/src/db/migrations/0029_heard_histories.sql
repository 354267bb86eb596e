ALTER TABLE "gateway_turns" ADD COLUMN "heard" text;--> statement-breakpoint
CREATE INDEX "gateway_turns_by_heard" ON "gateway_turns" USING btree ("project_id","agent_id","heard");