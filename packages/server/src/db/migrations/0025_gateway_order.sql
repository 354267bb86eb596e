ALTER TABLE "halts" ADD COLUMN "ledger_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "policy_servings" ADD COLUMN "ledger_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "ledger_seq" bigint DEFAULT 0 NOT NULL;