/** Releases as the API shows them. */
import { STAKES } from '@leeway/core/episodes/episode'
import { z } from 'zod'
import { CheckView, EvidencePointView, VerdictName } from './checks.ts'
import { endpoint } from './endpoint.ts'
import { ReachView } from './gateway.ts'
import { LadderBody } from './ladders.ts'
import { PageQuery } from './page.ts'
import { NameSupervisor } from './supervision.ts'

export const PolicyRef = z.object({ id: z.string(), name: z.string(), declared: z.boolean() })

export const StageView = z.object({
  name: z.string(),
  autonomy: z.enum(['shadow', 'suggest', 'act']),
  exposure: z.number(),
  reviewed: z.number(),
  horizonSteps: z.number().int(),
  stakes: z.string(),
  tools: z.union([z.literal('all'), z.array(z.string())]),
  klNatsMax: z.number().nullable(),
  behaviourNatsMax: z.number().nullable(),
  margin: z.number(),
  harmMargin: z.number(),
  severeRateMax: z.number().nullable(),
  /** passed: climbed beyond; present: here now; ahead: not reached. */
  position: z.enum(['passed', 'present', 'ahead']),
  /** What the agent may do here. */
  words: z.string(),
  /** Verdict sentence of the check that opened the next stage, once passed. */
  openedBy: z.string().nullable(),
})
export type StageView = z.infer<typeof StageView>

export const DecisionView = z.object({
  ordinal: z.number().int(),
  kind: z.enum(['start', 'propose', 'withdraw', 'approve', 'promote', 'rollback', 'close', 'complete']),
  fromStage: z.string().nullable(),
  toStage: z.string().nullable(),
  actor: z.string(),
  actorName: z.string(),
  reason: z.string(),
  checkOrdinal: z.number().int().nullable(),
  ledgerSeq: z.number().int(),
  at: z.string(),
  /** How fast the gateway had it; null where nothing is enforced for the agent, or nobody measured. */
  reach: ReachView.nullable(),
})
export type DecisionView = z.infer<typeof DecisionView>

export const ReleaseState = z.enum(['climbing', 'proposed', 'rolled-back', 'completed'])

export const ReleaseSummary = z.object({
  id: z.string(),
  /** Short human handle, e.g. "retail 2". */
  handle: z.string(),
  agent: z.string(),
  baseline: PolicyRef,
  candidate: PolicyRef,
  state: ReleaseState,
  stage: z.string(),
  stageIndex: z.number().int(),
  stageCount: z.number().int(),
  verdict: VerdictName.nullable(),
  sentence: z.string(),
  simulated: z.boolean(),
  startedAt: z.string(),
  startedBy: z.string(),
})
export type ReleaseSummary = z.infer<typeof ReleaseSummary>

export const ReleaseView = ReleaseSummary.extend({
  stages: z.array(StageView),
  /** Newest check of the present stage; null before the first label. */
  check: CheckView.nullable(),
  decisions: z.array(DecisionView),
  /** Present only while a promotion is proposed. */
  proposal: z
    .object({
      checkId: z.string(),
      toStage: z.string().nullable(),
      approvalsNeeded: z.number().int(),
      approvals: z.array(z.object({ actorName: z.string(), reason: z.string(), at: z.string() })),
      /** What changes when it is approved, one sentence a line. */
      changes: z.array(z.string()),
    })
    .nullable(),
  /** Why the next stage stays shut although the gate says promote; null when nothing does. */
  barrier: z.object({ why: z.string(), fix: z.string() }).nullable(),
  marginSpent: z.number(),
  marginBudget: z.number(),
  truth: z.string(),
  /** Who looks at what people are asked, where a plan of the question says so, in a sentence; null: anybody who is trusted. */
  whoLooks: z.string().nullable(),
  /** What is still to be answered until a promotion if the policies are equal; null where people are not asked. */
  toGo: z
    .object({
      answers: z.number().int(),
      /** At the median time of an answer so far; null before five answers. */
      peopleHours: z.number().nullable(),
      /** What the models' answers to the same episodes cost, at their mean; null when none is set to answer. */
      usd: z.number().nullable(),
      /** At the answers of the last seven days; null when there were none. */
      days: z.number().nullable(),
      /** Questions of this release that wait in the inbox now. */
      open: z.number().int(),
    })
    .nullable(),
  unitSource: z.enum(['finite', 'stream']),
  seedCommitment: z.string(),
  /** Hex; revealed when the release has ended. */
  seed: z.string().nullable(),
  unitsSelected: z.number().int(),
})
export type ReleaseView = z.infer<typeof ReleaseView>

export const StartRelease = z.strictObject({
  agent: z.string().min(1).max(200),
  baseline: z.string().min(1).max(200),
  candidate: z.string().min(1).max(200),
  unitSource: z.enum(['finite', 'stream']).default('finite'),
  /** What the gate takes for true. A criterion is a yes/no question of a rubric, answered by trusted people. */
  truth: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('outcome') }),
      z.strictObject({
        kind: z.literal('criterion'),
        rubric: z.uuid(),
        /** Its id; the root's question when left out. */
        criterion: z.string().max(80).optional(),
        labelError: z.enum(['shared', 'differential', 'none']).default('shared'),
        /**
         * Only with `differential`: probability that an expert, blind to the arm and to the first answer, answers a
         * labelled unit again. The same whatever the first answer was, so that being asked tells nothing of it.
         */
        secondLookShare: z.number().min(0.05).max(1).default(0.25),
        /**
         * Probability that people are asked about a recorded unit. Below 1 the others speak through what programs and
         * models answered before the start; 0.05 is the least.
         */
        auditShare: z.number().min(0.05).max(1).default(1),
        /**
         * `share`: every recorded unit with that probability. `allocation`: those likelier on which a look tells more for the
         * minutes it takes, by what programs and models predict; all together take the minutes of `auditShare` of the units.
         */
        auditsBy: z.enum(['share', 'allocation']).default('share'),
        /**
         * Tools whose calls matter (`*` at the end stands for anything). Pairs that do the same with them, and for which
         * every program of the rubric answers the same, count as no difference; one in twenty is labelled all the same.
         */
        consequentialTools: z.array(z.string().min(1).max(200)).max(200).default([]),
      }),
    ])
    .default({ kind: 'outcome' }),
  /** Left out: the policy that was promoted last, where a rater is registered that runs it. */
  supervisor: NameSupervisor.optional(),
})

/** As a caller writes it, with what is left out. */
export type Truth = NonNullable<z.input<typeof StartRelease>['truth']>

export const ApproveRelease = z.strictObject({
  checkId: z.uuid(),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
  /** Who approves, when an API key asks: a promotion needs a named person. Ignored for signed-in people. */
  approver: z.string().trim().min(2).max(200).optional(),
})

export const RollBackRelease = z.strictObject({
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

const UnitKey = z.string().min(1).max(500)

/**
 * A unit, and what is expected of it before it is served. Without `steps` and `stakes` it counts as short and harmless:
 * it is evidence for the ladder's narrowest region only.
 */
export const UnitToAssign = z.union([
  UnitKey,
  z.strictObject({
    unit: UnitKey,
    /** Steps its episode is expected to take. */
    steps: z.number().int().min(0).max(1_000_000).optional(),
    /** Highest stakes class of a call it is expected to make. */
    stakes: z.enum(STAKES).optional(),
  }),
])

/** Asks which policy serves the next units of a streaming release. Answered once per unit, for ever the same. */
export const AssignUnits = z.strictObject({ units: z.array(UnitToAssign).min(1).max(1_000) })
export const Assignment = z.object({
  unit: z.string(),
  sequence: z.number().int(),
  arm: z.enum(['paired', 'candidate', 'baseline']),
})

export const AgentOverview = z.object({
  agent: z.string(),
  simulated: z.boolean(),
  episodes: z.number().int(),
  anchor: z.string().nullable(),
  stages: z.array(StageView),
  release: ReleaseSummary.nullable(),
  /** Earlier releases, newest first. */
  earlier: z.array(ReleaseSummary),
  sparkline: z.array(EvidencePointView),
  margin: z.number().nullable(),
  waiting: z.object({ approvals: z.number().int() }),
})
export type AgentOverview = z.infer<typeof AgentOverview>
export const Overview = z.object({ agents: z.array(AgentOverview), hasEpisodes: z.boolean() })

export const DeclareAnchor = z.strictObject({
  agent: z.string().min(1).max(200),
  policy: z.string().min(1).max(200),
  evidence: z.string().trim().min(3).max(2_000),
})

export const DeclaredAnchor = z.object({
  agent: z.string(),
  policy: z.string(),
  /** False while a second person has to confirm: moving an anchor takes two. */
  inForce: z.boolean(),
})
export const SetLadder = z.strictObject({ agent: z.string().min(1).max(200), ladder: LadderBody })

export const ReleasePage = z.object({ items: z.array(ReleaseSummary), nextCursor: z.string().nullable() })
export const ReleaseQuery = PageQuery.extend({ agent: z.string().max(200).optional() })
/** Two runs of one unit, by their aliases. Which is the candidate's is not told. */
export const PairView = z.object({ sequence: z.number().int(), left: z.string(), right: z.string() })
export type PairView = z.infer<typeof PairView>
export const PairPage = z.object({ items: z.array(PairView), nextCursor: z.string().nullable() })
export const StartedRelease = z.object({ id: z.string(), handle: z.string() })
export const Recomputed = z.object({ recorded: CheckView, again: CheckView, sameRows: z.boolean() })
export const Assignments = z.object({ assignments: z.array(Assignment) })
export const LadderView = z.object({
  agent: z.string(),
  name: z.string(),
  sha256: z.string().nullable(),
  stages: z.array(StageView),
})

const release = '/api/projects/{project}/releases/{releaseId}'
export const showOverview = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/overview',
  response: Overview,
})
export const listReleases = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/releases',
  query: ReleaseQuery,
  response: ReleasePage,
})
export const startRelease = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/releases',
  body: StartRelease,
  response: StartedRelease,
})
export const listPairs = endpoint({
  method: 'GET',
  path: `${release}/pairs`,
  query: PageQuery,
  response: PairPage,
})
export const showRelease = endpoint({ method: 'GET', path: release, response: ReleaseView })
export const checkRelease = endpoint({
  method: 'POST',
  path: `${release}/check`,
  body: z.object({}),
  response: ReleaseView,
})
export const approveRelease = endpoint({
  method: 'POST',
  path: `${release}/approve`,
  body: ApproveRelease,
  response: ReleaseView,
})
export const rollBackRelease = endpoint({
  method: 'POST',
  path: `${release}/rollback`,
  body: RollBackRelease,
  response: ReleaseView,
})
export const assignUnits = endpoint({
  method: 'POST',
  path: `${release}/assignments`,
  body: AssignUnits,
  response: Assignments,
})
export const recomputeCheck = endpoint({
  method: 'GET',
  path: `${release}/checks/{checkId}/recompute`,
  response: Recomputed,
})
export const declareAnchor = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/anchors',
  body: DeclareAnchor,
  response: DeclaredAnchor,
})
export const setLadder = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/ladders',
  body: SetLadder,
  response: LadderView,
})
export const showLadder = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/ladders/{agent}',
  response: LadderView,
})
