/** What makes a model rater what it is, as kept in `raters.definition`. */
import { z } from 'zod'

export const JudgeDefinition = z.object({
  provider: z.enum(['openai-compatible', 'anthropic']),
  model: z.string(),
  /** Null: the provider's own. */
  baseUrl: z.string().nullable(),
  /** By name, not by id: a key that was renewed under its name makes no other rater. Null: none is sent. */
  providerKey: z.object({ provider: z.string(), name: z.string() }).nullable(),
  promptVersion: z.string(),
  /** US dollars a million tokens; null when not known. */
  usdPerMillion: z.object({ input: z.number(), output: z.number() }).nullable(),
  timeoutMs: z.number(),
})
export type JudgeDefinition = z.infer<typeof JudgeDefinition>
