ALTER TABLE "debate_judgments" ADD COLUMN "tokens" integer;--> statement-breakpoint
ALTER TABLE "debate_speeches" ADD COLUMN "tokens" integer;