/** Read models of releases for screens and commands. Joins names; decides nothing. */

import type { CheckView } from '@leeway/contract/checks'
import type { ReachView } from '@leeway/contract/gateway'
import type {
  AgentOverview,
  DecisionView,
  ReleaseSummary,
  ReleaseView,
  StageView,
} from '@leeway/contract/releases'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { describeStage } from '@leeway/core/ladder/describe-stage'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { barrierAbove, type ReleaseState } from '@leeway/core/ladder/release-state'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { isNotPaired } from '../episodes/not-paired.ts'
import { reachesOf } from '../gateway/reach.ts'
import { namedPerson } from '../ledger/actor-names.ts'
import { planWords } from '../looks/plan-words.ts'
import { standingPlan } from '../looks/standing-plan.ts'
import { answersToGo } from './answers-to-go.ts'
import { GATE_ACTOR } from './check-release.ts'
import { limitsOf, standing } from './release-limits.ts'
import {
  checksById,
  countSelections,
  currentAnchor,
  currentLadder,
  type DecisionRow,
  decisionsOf,
  listAgents,
  newestCheck,
  openReleases,
  policyById,
  type ReleaseRow,
  releasesOfAgent,
} from './release-store.ts'
import { describeTruth, truthOf } from './truth.ts'

export async function summarise(
  executor: Executor,
  release: ReleaseRow,
  agentName: string,
): Promise<z.infer<typeof ReleaseSummary>> {
  return (await load(executor, release, agentName)).summary
}

export async function showRelease(executor: Executor, release: ReleaseRow): Promise<ReleaseView> {
  const agent = (await listAgents(executor, release.projectId)).find((row) => row.id === release.agentId)
  const { summary, ladder, state, recorded, history, check } = await load(
    executor,
    release,
    agent?.name ?? '',
  )
  const limits = await limitsOf(executor, release, ladder, check)
  const names = await actorNames(
    executor,
    history.map((row) => row.actor),
  )
  const ended = state.kind === 'rolled-back' || state.kind === 'completed'
  const openedAt = new Map(
    history
      .filter((row) => row.kind === 'promote')
      .map((row) => [row.fromStage, recorded.find((view) => view.id === row.checkId)]),
  )
  const reaches = await reachesOf(
    executor,
    release.projectId,
    history.map(({ ledgerSeq }) => ledgerSeq),
  )
  return {
    ...summary,
    stages: stageViews(ladder, state.stage, (name) => openedAt.get(name)?.words.verdict ?? null),
    check,
    decisions: history.map((row) => decisionView(row, names, recorded, reaches)),
    proposal:
      state.kind === 'proposed'
        ? {
            checkId: state.checkId,
            toStage: ladder.stages[state.stage + 1]?.name ?? null,
            approvalsNeeded: ladder.approvals,
            approvals: state.approvals.map((approval) => ({
              actorName: names.get(approval.actor) ?? 'somebody',
              reason: approval.reason,
              at: approval.at,
            })),
            changes: changesOf(ladder, state.stage, summary.candidate.name),
          }
        : null,
    barrier: check?.verdict === 'promote' && !ended ? barrierAbove(state.stage, ladder, limits) : null,
    marginSpent: limits.marginSpent,
    marginBudget: ladder.marginBudget,
    truth: describeTruth(truthOf(release)),
    whoLooks: await whoLooks(executor, release),
    toGo: await answersToGo(executor, release, check),
    unitSource: release.unitSource as 'finite' | 'stream',
    seedCommitment: release.seedCommitment,
    seed: ended ? release.seedHex : null,
    unitsSelected: (await countSelections(executor, release.projectId, release.id)).count,
  }
}

/** Releases that have not ended, each with its newest check. */
export async function openStandings(
  executor: Executor,
  projectId: string,
): Promise<
  readonly { readonly summary: z.infer<typeof ReleaseSummary>; readonly check: CheckView | null }[]
> {
  const names = new Map((await listAgents(executor, projectId)).map(({ id, name }) => [id, name]))
  const open = await openReleases(executor, projectId)
  return Promise.all(open.map((release) => load(executor, release, names.get(release.agentId) ?? '')))
}

async function whoLooks(executor: Executor, release: ReleaseRow): Promise<string | null> {
  const truth = truthOf(release)
  if (truth.kind === 'outcome') return null
  const plan = await standingPlan(executor, release.projectId, truth.criterionSha256)
  return plan === undefined ? null : planWords(plan)
}

export async function overview(
  executor: Executor,
  projectId: string,
): Promise<{ agents: z.infer<typeof AgentOverview>[]; hasEpisodes: boolean }> {
  const counted = await executor.execute<{ agent_id: string; episodes: string; simulated: boolean }>(
    sql`select agent_id, count(*) as episodes, bool_and(simulated) as simulated from episodes where project_id = ${projectId} and ${isNotPaired(sql`unit_key`)} group by agent_id`,
  )
  const counts = new Map(counted.rows.map((row) => [row.agent_id, row]))
  const agents: z.infer<typeof AgentOverview>[] = []
  for (const agent of await listAgents(executor, projectId)) {
    const rows = await releasesOfAgent(executor, projectId, agent.id)
    const loaded = await Promise.all(rows.slice(0, 20).map((row) => load(executor, row, agent.name)))
    // The open release is the one to look at; without one, the newest.
    const current =
      loaded.find(({ state }) => state.kind === 'climbing' || state.kind === 'proposed') ?? loaded[0]
    const anchor = await currentAnchor(executor, projectId, agent.id)
    const ladder =
      current?.ladder ??
      ((await currentLadder(executor, projectId, agent.id))?.definition as Ladder | undefined) ??
      DEFAULT_LADDER
    const check = current?.check
    agents.push({
      agent: agent.name,
      simulated: counts.get(agent.id)?.simulated ?? false,
      episodes: Number(counts.get(agent.id)?.episodes ?? 0),
      anchor: anchor ? (await policyById(executor, projectId, anchor.policyId)).name : null,
      stages: stageViews(ladder, current?.state.stage ?? 0, () => null),
      release: current?.summary ?? null,
      earlier: loaded.filter((one) => one !== current).map((one) => one.summary),
      sparkline: check ? thin(check.path, 60) : [],
      margin: check?.margin ?? null,
      waiting: { approvals: loaded.filter(({ state }) => state.kind === 'proposed').length },
    })
  }
  return { agents, hasEpisodes: counted.rows.length > 0 }
}

/** Each stage in words, with where the release stands. */
export function stageViews(
  ladder: Ladder,
  present: number,
  openedBy: (stage: string) => string | null,
): z.infer<typeof StageView>[] {
  return ladder.stages.map((stage, index) => ({
    name: stage.name,
    autonomy: stage.autonomy,
    exposure: stage.exposure,
    reviewed: stage.reviewed,
    horizonSteps: stage.region.horizonSteps,
    stakes: stage.region.stakes,
    tools: stage.region.tools === 'all' ? 'all' : [...stage.region.tools],
    klNatsMax: stage.region.klNatsMax,
    behaviourNatsMax: stage.region.behaviourNatsMax ?? null,
    margin: stage.gate.margin,
    harmMargin: stage.gate.harmMargin,
    severeRateMax: stage.gate.severeRateMax,
    position: index < present ? 'passed' : index === present ? 'present' : 'ahead',
    words: describeStage(stage),
    openedBy: openedBy(stage.name),
  }))
}

type Loaded = {
  readonly summary: z.infer<typeof ReleaseSummary>
  readonly ladder: Ladder
  readonly state: ReleaseState
  /** The checks that decisions rest on. */
  readonly recorded: readonly CheckView[]
  /** Newest of the present stage; null before the first label. */
  readonly check: CheckView | null
  readonly history: readonly DecisionRow[]
}

async function load(executor: Executor, release: ReleaseRow, agentName: string): Promise<Loaded> {
  const { ladder, state } = await standing(executor, release)
  const history = await decisionsOf(executor, release.projectId, release.id)
  const recorded = (
    await checksById(
      executor,
      release,
      history.flatMap(({ checkId }) => checkId ?? []),
    )
  ).map((row) => row.result as CheckView)
  const baseline = await policyById(executor, release.projectId, release.baselinePolicyId)
  const candidate = await policyById(executor, release.projectId, release.candidatePolicyId)
  const stage = ladder.stages[state.stage]?.name ?? ''
  const check = (await newestCheck(executor, release, stage))?.result as CheckView | undefined
  const simulated = await executor.execute<{ simulated: boolean }>(
    sql`select coalesce(bool_and(simulated), false) as simulated from (select simulated from episodes where project_id = ${release.projectId} and policy_id = ${release.candidatePolicyId} limit 50) as sample`,
  )
  const names = await actorNames(executor, [release.startedBy])
  const ref = (policy: typeof baseline) => ({ id: policy.id, name: policy.name, declared: policy.declared })
  return {
    ladder,
    state,
    recorded,
    history,
    check: check ?? null,
    summary: {
      id: release.id,
      handle: `${agentName} ${release.ordinal}`,
      agent: agentName,
      baseline: ref(baseline),
      candidate: ref(candidate),
      state: state.kind,
      stage,
      stageIndex: state.stage,
      stageCount: ladder.stages.length,
      verdict: check?.verdict ?? null,
      sentence: sentenceOf(state, check, history),
      simulated: simulated.rows[0]?.simulated ?? false,
      startedAt: release.startedAt.toISOString(),
      startedBy: names.get(release.startedBy) ?? 'somebody',
    },
  }
}

function sentenceOf(
  state: ReleaseState,
  check: CheckView | undefined,
  history: readonly DecisionRow[],
): string {
  const last = history.at(-1)
  if (state.kind === 'rolled-back' && last && last.actor !== GATE_ACTOR)
    return `Rolled back by a person: ${last.reason}`
  if (!check) return 'Waiting for the first labels of this stage.'
  return check.words.verdict
}

function changesOf(ladder: Ladder, stage: number, candidate: string): string[] {
  const next = ladder.stages[stage + 1]
  if (!next) return [`\`${candidate}\` becomes the baseline of the next release.`]
  const now = ladder.stages[stage]
  return [`Stage ${now?.name} ends, ${next.name} begins.`, `\`${candidate}\`: ${describeStage(next)}`]
}

function decisionView(
  row: DecisionRow,
  names: ReadonlyMap<string, string>,
  recorded: readonly CheckView[],
  reaches: ReadonlyMap<number, ReachView>,
): DecisionView {
  return {
    ordinal: row.ordinal,
    kind: row.kind as DecisionView['kind'],
    fromStage: row.fromStage,
    toStage: row.toStage,
    actor: row.actor,
    actorName: names.get(row.actor) ?? 'somebody',
    reason: row.reason,
    checkOrdinal: recorded.find((view) => view.id === row.checkId)?.ordinal ?? null,
    ledgerSeq: row.ledgerSeq,
    at: row.at.toISOString(),
    reach: reaches.get(row.ledgerSeq) ?? null,
  }
}

/** Names people know: of persons and keys; `named:Ada` speaks for itself. */
async function actorNames(
  executor: Executor,
  actors: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>([[GATE_ACTOR, 'the gate']])
  const wanted = [...new Set(actors)]
  const found = await executor.execute<{ actor: string; name: string }>(sql`
    with wanted as (select value as actor from json_array_elements_text(${JSON.stringify(wanted)}::json))
    select actor, users.name from wanted join users on actor = 'person:' || users.id
    union all select actor, 'key "' || api_keys.name || '"' from wanted join api_keys on actor = 'key:' || api_keys.id`)
  for (const row of found.rows) names.set(row.actor, row.name)
  for (const actor of wanted) {
    const named = namedPerson(actor)
    if (named !== undefined) names.set(actor, named)
    else if (!names.has(actor)) names.set(actor, actor === 'demo' ? 'the demo' : 'this machine')
  }
  return names
}

function thin<Point>(path: readonly Point[], most: number): Point[] {
  if (path.length <= most) return [...path]
  return Array.from(
    { length: most },
    (_, index) => path[Math.round((index * (path.length - 1)) / (most - 1))] as Point,
  )
}
