/** Incidents: an episode that did harm, as a person reported it, with what held when it did. */
import { SEVERITIES } from '@leeway/core/critiques/claim'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'
import { PageQuery, pageOf } from './page.ts'

const Reason = z.string().trim().min(3, 'say in a few words what happened').max(2_000)

export const ReportIncident = z.strictObject({
  episode: z.uuid(),
  severity: z.enum(SEVERITIES),
  reason: Reason,
  /** The question that it violated, and the right answer about this episode: a known answer from now on. Admins only. */
  violated: z
    .strictObject({ criterionSha256: z.string().length(64), value: z.string().min(1).max(200) })
    .optional(),
})
export type ReportIncident = z.infer<typeof ReportIncident>

export const CloseIncident = z.strictObject({ reason: Reason })

export const IncidentView = z.object({
  id: z.string(),
  episodeId: z.string(),
  agent: z.string(),
  policy: z.string(),
  severity: z.enum(SEVERITIES),
  reason: z.string(),
  reportedBy: z.string(),
  at: z.string(),
  /** The release of the policy, as it stood then; null where it never was in one. */
  release: z.object({ id: z.string(), handle: z.string(), stage: z.string() }).nullable(),
  /** Whether it ended that release. */
  rolledBack: z.boolean(),
  /** What followed, in a sentence. */
  words: z.string(),
  /** Whether the episode has become a known answer. To which question and with which answer stays with the gold. */
  isGold: z.boolean(),
  ledgerSeq: z.number().int(),
  closed: z.object({ reason: z.string(), by: z.string(), at: z.string() }).nullable(),
})
export type IncidentView = z.infer<typeof IncidentView>

/** What held when the episode ran. Never changes; its hash is in the ledger. */
export const FrozenIncident = z.object({
  episode: z.object({
    id: z.string(),
    contentHash: z.string(),
    unit: z.string().nullable(),
    startedAt: z.string().nullable(),
    importedAt: z.string(),
  }),
  /** Who answers for the episode. */
  served: z.object({ policyId: z.string(), policy: z.string(), configSha256: z.string() }),
  /** In force when it began; null: the agent had none. */
  contract: z.object({ version: z.number().int(), sha256: z.string() }).nullable(),
  release: z
    .object({
      id: z.string(),
      ordinal: z.number().int(),
      role: z.enum(['candidate', 'baseline']),
      state: z.string(),
      /** When it was reported. */
      stage: z.string(),
      /** How the unit came in: null where it was not drawn. */
      selection: z
        .object({
          sequence: z.number().int(),
          stage: z.string(),
          arm: z.string(),
          armPropensity: z.number(),
          auditProbability: z.number(),
        })
        .nullable(),
      decisions: z.array(
        z.object({
          kind: z.string(),
          fromStage: z.string().nullable(),
          toStage: z.string().nullable(),
          ledgerSeq: z.number().int(),
          at: z.string(),
        }),
      ),
    })
    .nullable(),
  /** Of its conversation, where the gateway served it: what was decided about each call, without words. */
  turns: z.array(
    z.object({
      id: z.string(),
      policyId: z.string(),
      role: z.string(),
      contractVersion: z.number().int(),
      outcome: z.string(),
      decisions: JsonValue,
      endedAt: z.string(),
    }),
  ),
})
export type FrozenIncident = z.infer<typeof FrozenIncident>

export const IncidentDetail = IncidentView.extend({
  frozen: FrozenIncident,
  /** Of `frozen`, as it stands in the ledger. */
  frozenSha256: z.string(),
})
export type IncidentDetail = z.infer<typeof IncidentDetail>

export const IncidentQuery = PageQuery.extend({
  state: z.enum(['open', 'closed']).optional(),
  release: z.uuid().optional(),
  episode: z.uuid().optional(),
})
export const IncidentPage = pageOf(IncidentView)
export type IncidentPage = z.infer<typeof IncidentPage>

const incidents = '/api/projects/{project}/incidents'
export const listIncidents = endpoint({
  method: 'GET',
  path: incidents,
  query: IncidentQuery,
  response: IncidentPage,
})
export const reportIncident = endpoint({
  method: 'POST',
  path: incidents,
  body: ReportIncident,
  response: IncidentDetail,
})
export const showIncident = endpoint({
  method: 'GET',
  path: `${incidents}/{incident}`,
  response: IncidentDetail,
})
export const closeIncident = endpoint({
  method: 'POST',
  path: `${incidents}/{incident}/close`,
  body: CloseIncident,
  response: IncidentDetail,
})
