/** Starts a release: commits to a seed in the ledger, and for recorded episodes draws the whole order at once. */
import { createHash } from 'node:crypto'
import type { NameSupervisor } from '@leeway/contract/supervision'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { type Ladder, regionKey } from '@leeway/core/ladder/ladder'
import { lintLadder } from '@leeway/core/ladder/lint'
import canonicalize from 'canonicalize'
import type { z } from 'zod'
import type { Transaction } from '../db/connect.ts'
import { outcomesByUnit } from '../episodes/views.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { planLooks } from '../looks/make-plan.ts'
import { applyPrograms } from '../rubrics/apply-programs.ts'
import { findRubric } from '../rubrics/stored-rubrics.ts'
import { chooseSupervisor } from '../supervision/choose-supervisor.ts'
import { SAMPLER, seedCommitment } from './draw.ts'
import { outcomesAsProposed } from './proposed-calls.ts'
import { recordDecisions } from './record-decisions.ts'
import { stateOf } from './release-history.ts'
import {
  agentNamed,
  currentLadder,
  decisionsOf,
  ladderById,
  lockAgent,
  policiesNamed,
  type ReleaseRow,
  releaseById,
  releasesOfAgent,
} from './release-store.ts'
import { selectUnits, type TaskSet } from './select-units.ts'
import { ladders, releases } from './tables.ts'
import { resolveTruth, sameTruth, type Truth, truthOf, truthRecord } from './truth.ts'

export type StartInput = {
  readonly projectId: string
  readonly agent: string
  readonly baseline: string
  readonly candidate: string
  readonly unitSource: 'finite' | 'stream'
  readonly truth: Parameters<typeof resolveTruth>[3]
  /** Left out: the policy that was promoted last. */
  readonly supervisor?: z.output<typeof NameSupervisor> | undefined
  readonly actor: string
}

/** So that a start answers within seconds; the background goes on with the rest. */
const PROGRAM_EPISODES = 2_000

export async function startRelease(effects: Effects, input: StartInput): Promise<ReleaseRow> {
  refuseAllocatedStream(input)
  if (input.truth.kind === 'criterion' && input.unitSource === 'finite')
    await programsAnswered(effects, input.projectId, input.truth)
  return effects.db.transaction(async (tx) => {
    const { projectId } = input
    const agent = await agentNamed(tx, projectId, input.agent)
    if (!agent)
      throw new AppError(
        'not_found',
        `There is no agent "${input.agent}".`,
        'Import its episodes first, or list the agents.',
        { field: 'agent' },
      )
    await lockAgent(tx, projectId, agent.id)
    const baseline = await onePolicy(tx, projectId, agent.id, input.baseline, 'baseline')
    const candidate = await onePolicy(tx, projectId, agent.id, input.candidate, 'candidate')
    if (baseline.id === candidate.id)
      throw new AppError('bad_request', 'Candidate and baseline are the same policy.', 'Name two policies.', {
        field: 'candidate',
      })
    const earlier = await releasesOfAgent(tx, projectId, agent.id)
    await refuseOpenTwin(tx, earlier, candidate.id, baseline.id)
    const ladder = await ladderOf(tx, effects, projectId, agent.id, input.actor)
    const first = ladder.definition.stages[0]
    if (!first) throw new Error('a stored ladder has no stages')

    const taskSet =
      input.unitSource === 'finite'
        ? await finiteTaskSet(tx, projectId, baseline.id, candidate.id, first.region.horizonSteps)
        : null
    const taskSetSha256 = taskSet ? createHash('sha256').update(taskSet.units.join('\n')).digest('hex') : ''
    if (
      taskSet &&
      earlier.some(
        (row) =>
          row.candidatePolicyId === candidate.id &&
          row.baselinePolicyId === baseline.id &&
          row.taskSetSha256 === taskSetSha256,
      )
    ) {
      throw new AppError(
        'conflict',
        `"${input.candidate}" was compared with "${input.baseline}" on this very task set before.`,
        'Its order was drawn once and stays; import episodes of other tasks, or read the earlier release.',
      )
    }
    const truth = await resolveTruth(tx, projectId, agent.id, input.truth)
    refuseOtherShare(earlier, { truth, candidateId: candidate.id, baselineId: baseline.id })
    const seed = effects.randomBytes(32)
    const release: ReleaseRow = {
      projectId,
      id: effects.newId(),
      agentId: agent.id,
      ordinal: (earlier[0]?.ordinal ?? 0) + 1,
      baselinePolicyId: baseline.id,
      candidatePolicyId: candidate.id,
      ladderId: ladder.id,
      unitSource: input.unitSource,
      taskSetSha256,
      truth,
      seedCommitment: seedCommitment(seed),
      seedHex: Buffer.from(seed).toString('hex'),
      sampler: SAMPLER,
      startedBy: input.actor,
      startedAt: effects.now(),
    }
    await tx.insert(releases).values(release)
    const supervision = await chooseSupervisor(
      tx,
      { ...release, isByCriterion: truth.kind === 'criterion' },
      input.supervisor,
    )
    const whoLooks =
      taskSet && truth.kind === 'criterion' && truth.auditsBy === 'allocation'
        ? await planLooks(tx, effects, release, truth, taskSet.units)
        : null
    await recordDecisions(tx, effects, release, [{ kind: 'start', fromStage: null, toStage: first.name }], {
      actor: input.actor,
      reason: '',
      checkId: null,
      evidence: {
        seedCommitment: release.seedCommitment,
        sampler: SAMPLER,
        orderRule: taskSet ? 'ascending hmac of the unit key, drawn once' : 'order of assignment',
        taskSetSha256,
        units: taskSet?.units.length ?? null,
        outsideRegion: taskSet?.outsideRegion ?? 0,
        ladder: ladder.sha256,
        truth: truthRecord(truth),
        supervision,
        ...(whoLooks === null ? {} : { whoLooks }),
      },
    })
    if (taskSet)
      await selectUnits(tx, release, seed, taskSet, {
        stage: first.name,
        region: regionKey(first.region),
        at: effects.now(),
      })
    return release
  })
}

/** The evidence of earlier releases goes on, and its range rests on the share of second looks. */
function refuseOtherShare(
  earlier: readonly ReleaseRow[],
  wanted: { readonly truth: Truth; readonly candidateId: string; readonly baselineId: string },
): void {
  const shareOf = (truth: Truth) => (truth.kind === 'criterion' ? truth.secondLookShare : undefined)
  for (const row of earlier) {
    const before = truthOf(row)
    if (row.candidatePolicyId !== wanted.candidateId || row.baselinePolicyId !== wanted.baselineId) continue
    if (!sameTruth(before, wanted.truth) || shareOf(before) === shareOf(wanted.truth)) continue
    throw new AppError(
      'conflict',
      `An earlier release of this pair looked again at ${shareOf(before)} of the answers, and its evidence goes on.`,
      `Start with the same share of second looks, ${shareOf(before)}.`,
      { field: 'truth.secondLookShare' },
    )
  }
}

/** Units that arrive were not predicted before: whom to audit is the stage's share there. */
function refuseAllocatedStream({ truth, unitSource }: StartInput): void {
  if (truth.kind === 'criterion' && truth.auditsBy === 'allocation' && unitSource === 'stream')
    throw new AppError(
      'unprocessable',
      'Audits can be allocated among recorded episodes only.',
      'Leave auditsBy out: of arriving units each stage audits the share its ladder names.',
      { field: 'truth.auditsBy' },
    )
}

/** What programs say is frozen at the start, so they have to have said it. */
async function programsAnswered(
  effects: Effects,
  projectId: string,
  truth: StartInput['truth'] & { readonly kind: 'criterion' },
): Promise<void> {
  const rubric = await findRubric(effects.db, projectId, truth.rubric)
  if (rubric === undefined) return
  const { remaining } = await applyPrograms(effects, rubric, PROGRAM_EPISODES)
  if (remaining > 0 && (truth.auditShare < 1 || truth.consequentialTools.length > 0))
    throw new AppError(
      'conflict',
      `The programs of the rubric have not answered on ${remaining} episodes yet.`,
      'Run "leeway rubric apply", or wait: they answer in the background.',
    )
}

async function onePolicy(
  tx: Transaction,
  projectId: string,
  agentId: string,
  name: string,
  field: 'baseline' | 'candidate',
) {
  const found = await policiesNamed(tx, projectId, agentId, name)
  const [policy] = found
  if (!policy)
    throw new AppError(
      'not_found',
      `The agent has no policy "${name}".`,
      'Import its episodes with --policy, or list the policies.',
      { field },
    )
  if (found.length > 1)
    throw new AppError(
      'conflict',
      `"${name}" stands for ${found.length} different configurations.`,
      'Import under distinct names, so that it is clear which one is meant.',
      { field },
    )
  return policy
}

async function refuseOpenTwin(
  tx: Transaction,
  earlier: readonly ReleaseRow[],
  candidateId: string,
  baselineId: string,
): Promise<void> {
  for (const row of earlier) {
    if (row.candidatePolicyId !== candidateId || row.baselinePolicyId !== baselineId) continue
    const state = stateOf(
      await decisionsOf(tx, row.projectId, row.id),
      await ladderById(tx, row.projectId, row.ladderId),
    )
    if (state.kind === 'climbing' || state.kind === 'proposed') {
      throw new AppError(
        'conflict',
        'A release of this candidate against this baseline is already open.',
        'Read that one; roll it back before starting another.',
      )
    }
  }
}

async function ladderOf(
  tx: Transaction,
  effects: Effects,
  projectId: string,
  agentId: string,
  actor: string,
) {
  const present = await currentLadder(tx, projectId, agentId)
  if (present) return { id: present.id, sha256: present.sha256, definition: present.definition as Ladder }
  return setLadder(tx, effects, { projectId, agentId, definition: DEFAULT_LADDER, actor })
}

/** A new version of an agent's ladder. Releases under way keep the one they started with. */
export async function setLadder(
  tx: Transaction,
  effects: Pick<Effects, 'newId' | 'now' | 'ledgerSigner'>,
  input: {
    readonly projectId: string
    readonly agentId: string
    readonly definition: Ladder
    readonly actor: string
  },
) {
  const [problem] = lintLadder(input.definition)
  if (problem)
    throw new AppError('unprocessable', `The ladder is refused: ${problem.problem}.`, problem.fix, {
      field: problem.path,
    })
  const id = effects.newId()
  const sha256 = createHash('sha256')
    .update(canonicalize(input.definition) ?? '')
    .digest('hex')
  const at = effects.now()
  await tx.insert(ladders).values({
    projectId: input.projectId,
    id,
    agentId: input.agentId,
    definition: input.definition,
    sha256,
    createdBy: input.actor,
    createdAt: at,
  })
  await appendLedger(tx, effects.ledgerSigner, {
    projectId: input.projectId,
    at,
    actor: input.actor,
    action: 'ladder.changed',
    body: { agent: input.agentId, ladder: id, sha256 },
  })
  return { id, sha256, definition: input.definition }
}

/**
 * Units of either policy. One that lacks an arm stays in, as a missing label: leaving out what a policy did not
 * finish would flatter it. Units whose baseline episode is longer than the region allows are outside the region; the
 * baseline decides, so that the candidate cannot choose its own test.
 */
async function finiteTaskSet(
  tx: Transaction,
  projectId: string,
  baselineId: string,
  candidateId: string,
  horizonSteps: number,
): Promise<TaskSet> {
  const outcomesOf = async (policyId: string) => {
    const outcomes = await outcomesByUnit(tx, projectId, policyId)
    return outcomesAsProposed(tx, projectId, policyId, [...outcomes.keys()], outcomes)
  }
  const baseline = await outcomesOf(baselineId)
  const candidate = await outcomesOf(candidateId)
  const all = [...new Set([...baseline.keys(), ...candidate.keys()])].sort()
  const units = all.filter((unit) => (baseline.get(unit)?.stepCountMax ?? 0) <= horizonSteps)
  if (!units.some((unit) => baseline.has(unit) && candidate.has(unit))) {
    throw new AppError(
      'unprocessable',
      'The two policies have no unit in common.',
      'Import episodes of both on the same tasks (equal task, session or user keys), or start with unitSource "stream".',
    )
  }
  return { units, outsideRegion: all.length - units.length, candidate, baseline }
}

/** The release of that id, or 404. */
export async function requireRelease(
  effects: Pick<Effects, 'db'>,
  projectId: string,
  id: string,
): Promise<ReleaseRow> {
  const release = await releaseById(effects.db, projectId, id)
  if (!release)
    throw new AppError(
      'not_found',
      'There is no such release in this project.',
      'List the releases to find it.',
    )
  return release
}
