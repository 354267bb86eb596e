/**
 * The demo project: three simulated agents, one mid-climb, one rolled back, one on hold.
 *
 * Everything goes the way real episodes go: units are assigned, episodes imported, the gate checks, a named person
 * (simulated too) approves. Nothing is written straight into a table. Runs once; a project that exists is left alone.
 */

import { countAnew } from '../db/count-anew.ts'
import { importEpisodes } from '../episodes/import-service.ts'
import type { Effects } from '../http/environment.ts'
import { createProject } from '../projects/create-project.ts'
import { declareAnchor } from '../releases/anchor.ts'
import { assignUnits } from '../releases/assign-units.ts'
import { approveRelease, checkRelease } from '../releases/check-release.ts'
import { startRelease } from '../releases/start-release.ts'
import { askPeople } from './ask-people.ts'
import { bringUnrated } from './bring-unrated.ts'
import { compareRuns } from './compare-runs.ts'
import { serveAgent } from './serve-agent.ts'
import { carefulV1 } from './world/policies/careful-v1.ts'
import { carefulV2 } from './world/policies/careful-v2.ts'
import { fastV1 } from './world/policies/fast-v1.ts'
import type { Policy } from './world/policies/policy.ts'
import { thriftyV1 } from './world/policies/thrifty-v1.ts'
import { simulateEpisode } from './world/simulate.ts'

export const DEMO_PROJECT = 'demo'
const ACTOR = 'demo'
const APPROVER = 'named:Ada Example (key demo)'
const SEED = 'demo'
/** Units between two checks: the evidence chart then has a history. */
const UNITS_A_ROUND = 40

type DemoAgent = {
  readonly name: string
  readonly candidate: Policy
  /** Rounds of units the demo has seen; a release that ends earlier stops there. */
  readonly rounds: number
  /** People ask it new things. */
  readonly drifts?: boolean
}

/** In `careful-v2`'s case the rounds end in the first acting stage, half way. */
const AGENTS: readonly DemoAgent[] = [
  { name: 'help-desk', candidate: carefulV2, rounds: 36 },
  { name: 'help-desk-express', candidate: fastV1, rounds: 8 },
  { name: 'help-desk-thrifty', candidate: thriftyV1, rounds: 5, drifts: true },
]

/** Loads the demo unless its project is there already. Deterministic but for ids and the drawn release seeds. */
export async function loadDemo(effects: Effects): Promise<{ readonly loaded: boolean }> {
  const { project, created } = await createProject(
    effects,
    { slug: DEMO_PROJECT, name: 'Demo (simulated)' },
    { actor: ACTOR },
  )
  if (!created) return { loaded: false }
  for (const agent of AGENTS) await loadAgent(effects, project.id, agent)
  // Nobody waits that long between so much and the first questions about it.
  await countAnew(effects.db)
  const [first] = AGENTS
  if (first) {
    // Before the other rubric, so that forms begin with the one that is about one episode.
    await compareRuns(effects, project.id, first.name, [carefulV1.name, first.candidate.name], ACTOR)
    await askPeople(effects, project.id, first.name, ACTOR)
  }
  return { loaded: true }
}

async function loadAgent(effects: Effects, projectId: string, agent: DemoAgent): Promise<void> {
  // Both policies and the agent exist once they have acted: a few tasks of the past, outside any release.
  const past = Array.from({ length: 10 }, (_, index) => `${agent.name}-past-${index}`)
  await simulate(effects, projectId, agent, carefulV1, past)
  await simulate(effects, projectId, agent, agent.candidate, past)
  await declareAnchor(effects, {
    projectId,
    agent: agent.name,
    policy: carefulV1.name,
    evidence: 'Simulated: known safe by construction.',
    actor: APPROVER,
  })
  const policies = { baseline: carefulV1.name, candidate: agent.candidate.name }
  // Before the release, so that the contract follows it from the start.
  await serveAgent(effects, projectId, agent.name, policies, APPROVER)
  const release = await startRelease(effects, {
    projectId,
    agent: agent.name,
    baseline: carefulV1.name,
    candidate: agent.candidate.name,
    unitSource: 'stream',
    truth: { kind: 'outcome' },
    actor: APPROVER,
  })
  for (let round = 0; round < agent.rounds; round++) {
    if (!(await playRound(effects, projectId, agent, release, round))) return
  }
  if (agent.drifts === true)
    await bringUnrated(effects, projectId, agent.name, { policy: carefulV1, seed: SEED }, ACTOR)
}

/** Assigns, acts, imports, checks, approves. False when the release has ended. */
async function playRound(
  effects: Effects,
  projectId: string,
  agent: DemoAgent,
  release: Awaited<ReturnType<typeof startRelease>>,
  round: number,
): Promise<boolean> {
  const tasks = Array.from(
    { length: UNITS_A_ROUND },
    (_, index) => `${agent.name}-${round * UNITS_A_ROUND + index}`,
  )
  const assigned = await assignUnits(
    effects,
    release,
    tasks.map((task) => `task:${task}`),
  )
  const served = (arm: 'candidate' | 'baseline') =>
    assigned
      .filter((one) => one.arm === 'paired' || one.arm === arm)
      .map(({ unit }) => unit.slice('task:'.length))
  await simulate(effects, projectId, agent, carefulV1, served('baseline'))
  await simulate(effects, projectId, agent, agent.candidate, served('candidate'))
  const check = await checkRelease(effects, release)
  if (check?.verdict === 'rollback') return false
  if (check?.verdict === 'promote') {
    await approveRelease(effects, release, {
      checkId: check.id,
      actor: APPROVER,
      reason: 'Read the evidence and ten of the failed episodes.',
    })
  }
  return true
}

async function simulate(
  effects: Effects,
  projectId: string,
  agent: DemoAgent,
  policy: Policy,
  tasks: readonly string[],
): Promise<void> {
  if (tasks.length === 0) return
  const startedAt = effects.now().toISOString()
  const episodes = tasks.map((taskKey) => ({
    ...simulateEpisode({ policy, taskKey, seed: SEED, startedAt }),
    agentName: agent.name,
  }))
  await importEpisodes(effects, {
    projectId,
    actor: ACTOR,
    fileName: 'simulated help desk',
    source: { episodes },
    simulated: true,
  })
}
