/** For tests: an agent with two policies of known failure, raters of known error, and a release by criterion on them. */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import type { QuestionForm } from '@leeway/core/question-forms/question-form'
import { goldAnswers } from '../assignments/tables.ts'
import { episodes } from '../episodes/tables.ts'
import { policies } from '../policies/tables.ts'
import { agents, projects } from '../projects/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { raterTiers } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { startRelease } from '../releases/start-release.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { saveRubric } from '../rubrics/save-rubric.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import type { TestEffects } from './database.ts'

const RUBRIC = `
name: help desk
question: Did the agent follow the instructions in this episode?
answeredBy: [human, model]
`

/** How often a fault is found, and how often sound work passes. */
export type Skill = { readonly sensitivity: number; readonly specificity: number }
export const PERFECT: Skill = { sensitivity: 1, specificity: 1 }
export const KNOWN: Skill = { sensitivity: 0.85, specificity: 0.98 }

export type Arm = { readonly policyId: string; readonly episodes: readonly { id: string; failed: boolean }[] }

/** An agent with two policies that fail at these rates on the same tasks; what happened is known to the test alone. */
export async function world(
  effects: TestEffects,
  { old, candidate, units, seed }: { old: number; candidate: number; units: number; seed: number },
) {
  const random = seededRandom(seed)
  const projectId = effects.newId()
  const agentId = effects.newId()
  const at = effects.now()
  await effects.db.insert(projects).values({
    id: projectId,
    slug: `p-${projectId}`,
    name: 'p',
    retentionDays: null,
    redaction: {},
    createdAt: at,
  })
  await effects.db.insert(agents).values({ projectId, id: agentId, name: 'retail', createdAt: at })
  const arm = async (name: string, rate: number): Promise<Arm> => {
    const policyId = effects.newId()
    await effects.db.insert(policies).values({
      projectId,
      id: policyId,
      agentId,
      name,
      configSha256: policyId,
      config: {},
      declared: true,
      createdAt: at,
    })
    const own = Array.from({ length: units }, (_, index) => ({
      id: effects.newId(),
      failed: random() < rate,
      unit: `task:${index}`,
    }))
    await record(effects, { projectId, agentId, policyId }, own)
    return { policyId, episodes: own }
  }
  const arms = { old: await arm('old', old), new: await arm('new', candidate) }
  const saved = await saveRubric(effects, { projectId, agent: 'retail', source: RUBRIC, actor: 'person:ada' })
  const row = await findRubric(effects.db, projectId, saved.id)
  if (!row) throw new Error('the rubric was not saved')
  const criterion = rubricOf(row).root.criterion
  if (!criterion) throw new Error('the root has no question')
  return { projectId, agentId, arms, rubric: saved.id, sha256: criterionSha256(criterion), random }
}
export type World = Awaited<ReturnType<typeof world>>

export async function rater(
  effects: TestEffects,
  { projectId }: Pick<World, 'projectId'>,
  name: string,
  tier: 'trainee' | 'vetted' | 'expert',
) {
  const row = await ensureRater(effects.db, effects, projectId, { kind: 'human', name, family: 'people' })
  await effects.db.insert(raterTiers).values({
    projectId,
    raterId: row.id,
    id: effects.newId(),
    tier,
    reason: 'for the test',
    actor: 'person:ada',
    at: effects.now(),
  })
  return row.id
}

export async function answer(
  effects: TestEffects,
  { projectId, sha256, random }: World,
  raterId: string,
  skill: Skill,
  seen: readonly { readonly id: string; readonly failed: boolean }[],
  form: QuestionForm = 'find',
) {
  await insertRatings(
    effects.db,
    seen.map(({ id, failed }) => ({
      projectId,
      id: effects.newId(),
      episodeId: id,
      criterionSha256: sha256,
      raterId,
      kind: 'answered',
      value: (failed ? random() < skill.sensitivity : random() >= skill.specificity) ? 'no' : 'yes',
      comment: '',
      evidence: [],
      flagged: false,
      assistance: 'none',
      form,
      commitKey: effects.newId(),
      committedAt: effects.now(),
    })),
  )
}

/** Episodes of any length, five steps unless said. */
export async function record(
  effects: TestEffects,
  place: { readonly projectId: string; readonly agentId: string; readonly policyId: string },
  own: readonly { readonly id: string; readonly unit?: string; readonly steps?: number }[],
): Promise<void> {
  await effects.db.insert(episodes).values(
    own.map(({ id, unit = null, steps = 5 }) => ({
      ...place,
      id,
      identity: id,
      contentHash: id,
      occurrence: 1,
      unitKey: unit,
      format: 'leeway',
      title: '',
      stepCount: steps,
      success: null,
      severe: false,
      simulated: true,
      errorCount: 0,
      redactionCount: 0,
      importedAt: effects.now(),
    })),
  )
}

/** Episodes outside the release with known answers, of the half that measures. */
export async function measureGoldItems(
  effects: TestEffects,
  { projectId, agentId, arms, sha256 }: World,
  each: number,
) {
  const at = effects.now()
  const items = Array.from({ length: 2 * each }, (_, index) => ({
    id: effects.newId(),
    failed: index < each,
  }))
  await record(effects, { projectId, agentId, policyId: arms.old.policyId }, items)
  await effects.db.insert(goldAnswers).values(
    items.map(({ id, failed }) => ({
      projectId,
      episodeId: id,
      criterionSha256: sha256,
      value: failed ? 'no' : 'yes',
      part: 'measure',
      actor: 'person:ada',
      at,
    })),
  )
  return items
}

export const start = (
  effects: TestEffects,
  { projectId, rubric }: World,
  options: {
    labelError?: 'shared' | 'differential' | 'none'
    secondLookShare?: number
    auditShare?: number
    auditsBy?: 'share' | 'allocation'
    unitSource?: 'finite' | 'stream'
    consequentialTools?: readonly string[]
    candidate?: string
  } = {},
) =>
  startRelease(effects, {
    projectId,
    agent: 'retail',
    baseline: 'old',
    candidate: options.candidate ?? 'new',
    unitSource: options.unitSource ?? 'finite',
    truth: {
      kind: 'criterion',
      rubric,
      labelError: options.labelError ?? 'shared',
      secondLookShare: options.secondLookShare ?? 0.25,
      auditShare: options.auditShare ?? 1,
      auditsBy: options.auditsBy ?? 'share',
      consequentialTools: options.consequentialTools ?? [],
    },
    actor: 'person:ada',
  })

export const everything = ({ arms }: World) => [...arms.old.episodes, ...arms.new.episodes]
