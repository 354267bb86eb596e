/** Agents and their policies, as the API answers them. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'

/** How often episodes with a trusted outcome succeeded. `rate` is null when none has one. */
export const SuccessRate = z.object({
  rate: z.number().min(0).max(1).nullable(),
  /** Episodes that have an outcome. */
  episodes: z.number().int(),
})
export type SuccessRate = z.infer<typeof SuccessRate>

export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  policies: z.number().int(),
  episodes: z.number().int(),
  success: SuccessRate,
})
export type Agent = z.infer<typeof Agent>

export const Policy = z.object({
  id: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  name: z.string(),
  /** SHA-256 (hex) of the canonical configuration; '' when the policy is undeclared. */
  configSha256: z.string(),
  /** False when nobody gave the configuration: it can be compared, not promoted past `suggest`. */
  declared: z.boolean(),
  createdAt: z.string(),
  episodes: z.number().int(),
  success: SuccessRate,
})
export type Policy = z.infer<typeof Policy>

export const AgentList = z.object({ items: z.array(Agent) })
export const PolicyList = z.object({ items: z.array(Policy) })

export const NAME_CHARS_MAX = 200

/** One line of printable text. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(NAME_CHARS_MAX)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be one line of text without control characters')

export const DeclarePolicy = z.object({
  agent: Name,
  name: Name,
  /** The complete agent configuration: model, prompt, tools, parameters. Any JSON. */
  config: JsonValue,
})
export type DeclarePolicy = z.infer<typeof DeclarePolicy>

export const DeclaredPolicy = z.object({ id: z.string(), configSha256: z.string(), added: z.boolean() })
export type DeclaredPolicy = z.infer<typeof DeclaredPolicy>

export const listAgents = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/agents',
  response: AgentList,
})
export const listPolicies = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/policies',
  response: PolicyList,
})
export const declarePolicy = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/policies',
  body: DeclarePolicy,
  response: DeclaredPolicy,
})
