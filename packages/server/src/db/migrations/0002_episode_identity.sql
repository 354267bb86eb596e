DROP INDEX "episodes_identity";--> statement-breakpoint
DROP INDEX "episodes_source";--> statement-breakpoint
ALTER TABLE "episode_imports" ADD COLUMN "erased" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "episode_tombstones" ADD COLUMN "identity" text NOT NULL;--> statement-breakpoint
ALTER TABLE "episodes" ADD COLUMN "identity" text NOT NULL;--> statement-breakpoint
CREATE INDEX "episode_tombstones_identity" ON "episode_tombstones" USING btree ("project_id","policy_id","identity");--> statement-breakpoint
CREATE INDEX "episode_tombstones_unit" ON "episode_tombstones" USING btree ("project_id","policy_id","unit_key_sha256");--> statement-breakpoint
CREATE INDEX "episodes_by_policy" ON "episodes" USING btree ("project_id","policy_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "episodes_identity" ON "episodes" USING btree ("project_id","policy_id","identity");--> statement-breakpoint
CREATE UNIQUE INDEX "episodes_source" ON "episodes" USING btree ("project_id","policy_id","source_id") WHERE source_id is not null;