/** Gives an agent of the demo its rubric: programs have answered, simulated people too, and some questions wait for real ones. */
import { readFile } from 'node:fs/promises'
import { SetCritiqueRules } from '@leeway/contract/critiques'
import { SetVettingRules } from '@leeway/contract/vetting'
import type { Claim } from '@leeway/core/critiques/claim'
import type { Step } from '@leeway/core/episodes/episode'
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import { and, asc, eq, notInArray } from 'drizzle-orm'
import { askQuestions } from '../assignments/ask-questions.ts'
import { setCritiqueRules } from '../critiques/critique-rules.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { episodes } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { setGold } from '../raters/set-gold.ts'
import { importRatings } from '../ratings/import-ratings.ts'
import { applyPrograms } from '../rubrics/apply-programs.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { saveRubric } from '../rubrics/save-rubric.ts'
import { findRubric, type RubricRow, rubricOf } from '../rubrics/stored-rubrics.ts'
import { setVettingRules } from '../vetting/rules.ts'
import { checkAnswers } from './check-answers.ts'
import { disagree } from './disagree.ts'
import { guessFaults } from './guess-faults.ts'
import { judgeClaims } from './judge-claims.ts'
import { runStudies } from './run-studies.ts'
import { splitQuestion } from './split-question.ts'
import { type KnownEpisode, stageDebates } from './stage-debates.ts'
import { createRng } from './world/rng.ts'

/** The file that people are pointed to, so that the demo shows what they would get. */
const RUBRIC = new URL('../../../../rubrics/help-desk.yaml', import.meta.url)
/** Of four questions each: enough to see critiques, parts and checks come up again and again. */
const EPISODES_ASKED = 20
/** The rest is done in the background, within minutes of the start. */
const EPISODES_APPLIED = 100
/** What the simulated people have answered: after those that are asked. Three times three answers each fill one import. */
const EPISODES_ANSWERED = 100
/** Every third of them waits for somebody to decide. */
const EPISODES_DISCUSSED = 12
/** With a planted fault each. */
const EPISODES_COPIED = 40
const HOUR_MS = 3_600_000
/** Known answers of each kind: enough to vet a person, and to measure the check. */
const KNOWN_EACH = 12
/** Of what the simulated critic quotes. */
const QUOTE_CHARACTERS = 120
const QUOTE_MIN = 12
const DEBATED_EVERY = 5
const SPLIT_QUESTION = 'whole-request'
const KNOWN_QUESTIONS: readonly string[] = ['root', 'whole-request']

/** Simulated people: how often each says what the world knows, of successes and of failures. The third is too kind. */
const PEOPLE = [
  { name: 'Rosa (simulated)', onSuccess: 0.97, onFailure: 0.93 },
  { name: 'Tariq (simulated)', onSuccess: 0.92, onFailure: 0.88 },
  { name: 'Mina (simulated)', onSuccess: 0.98, onFailure: 0.6 },
] as const

export async function askPeople(
  effects: Effects,
  projectId: string,
  agent: string,
  actor: string,
): Promise<void> {
  const source = await readFile(RUBRIC, 'utf8')
  const { id } = await saveRubric(effects, { projectId, agent, source, actor })
  const rubric = await findRubric(effects.db, projectId, id)
  if (rubric === undefined) throw new Error('the rubric of the demo was not saved')
  await applyPrograms(effects, rubric, EPISODES_APPLIED)
  const some = await effects.db
    .select({ id: episodes.id, success: episodes.success })
    .from(episodes)
    .where(eq(episodes.agentId, rubric.agentId))
    .orderBy(asc(episodes.id))
    .limit(EPISODES_ASKED + EPISODES_ANSWERED)
  await askQuestions(effects, projectId, actor, {
    rubric: id,
    episodes: some.slice(0, EPISODES_ASKED).map((episode) => episode.id),
    answersWanted: 2,
  })
  await importRatings(effects, projectId, actor, {
    rubric: id,
    ratings: some
      .slice(EPISODES_ASKED)
      .flatMap((episode, at) =>
        answersAbout(episode, at, new Date(effects.now().getTime() - (EPISODES_ANSWERED - at) * HOUR_MS)),
      ),
  })
  const asked = some.slice(0, EPISODES_ASKED).map((episode) => episode.id)
  const known = await recordKnown(effects, rubric, asked, actor)
  const discussed = some.slice(EPISODES_ASKED, EPISODES_ASKED + EPISODES_DISCUSSED)
  await criticise(
    effects,
    rubric,
    [...asked, ...known.map((episode) => episode.id), ...discussed.map((episode) => episode.id)],
    actor,
  )
  const root = criteriaOf(rubricOf(rubric)).find((criterion) => criterion.id === 'root')
  if (root === undefined) throw new Error('the rubric of the demo has no root')
  // Not those that are discussed: on an item that wants more answers nobody decides yet.
  const checked = known.filter(({ id: one }) => !discussed.some(({ id: other }) => other === one))
  await checkAnswers(effects, rubric, criterionSha256(root), checked, actor)
  // Failures come first; some of both.
  const debated = known.filter((_, at) => at % DEBATED_EVERY === 0)
  await stageDebates(effects, projectId, id, debated, actor)
  const whole = criteriaOf(rubricOf(rubric)).find((one) => one.id === SPLIT_QUESTION)
  if (whole !== undefined)
    await splitQuestion(
      effects,
      rubric,
      criterionSha256(whole),
      {
        asked: some.slice(0, EPISODES_ASKED),
        known: known.map((one) => ({ id: one.id, success: one.succeeded ? 1 : 0 })),
      },
      actor,
    )
  await runStudies(effects, projectId, id, actor)
  const soundOnes = some.slice(EPISODES_ASKED + EPISODES_DISCUSSED).filter(({ success }) => success === 1)
  await guessFaults(
    effects,
    projectId,
    id,
    soundOnes.slice(0, EPISODES_COPIED).map((episode) => episode.id),
    actor,
  )
  const vetted = await disagree(effects, rubric, discussed, actor)
  await judgeClaims(effects, projectId, criterionSha256(root), vetted)
  await setCritiqueRules(effects, projectId, actor, SetCritiqueRules.parse({}))
}

/** A simulated critic, right now and then: what it claims quotes what was said. */
async function criticise(
  effects: Effects,
  rubric: RubricRow,
  asked: readonly string[],
  actor: string,
): Promise<void> {
  const { projectId } = rubric
  const stored = await storedEpisodes(effects.db, projectId, [...asked])
  await importRatings(effects, projectId, actor, {
    rubric: rubric.id,
    ratings: stored.map(({ id, episode }, at) => ({
      episodeId: id,
      criterion: 'root',
      rater: 'Critic (simulated)',
      raterKind: 'model' as const,
      answer: { kind: 'answered' as const, value: 'no' },
      probability: null,
      form: 'find' as const,
      comment: '',
      evidence: [],
      claims: claimsOf(episode.steps, at % 4 === 0 ? 'critical' : 'major'),
      sourceKey: `demo critic ${at}`,
    })),
  })
}

function claimsOf(steps: readonly Step[], worst: Claim['severity']): Claim[] {
  const said = (kind: Step['kind'], text: string, severity: Claim['severity'], last: boolean): Claim[] => {
    const found = steps.filter(({ kind: own, content }) => own === kind && typeof content === 'string')
    const step = last ? found.at(-1) : found[0]
    const quote = String(step?.content ?? '').slice(0, QUOTE_CHARACTERS)
    return step === undefined || quote.length < QUOTE_MIN
      ? []
      : [{ text, severity, step: step.ordinal, quote }]
  }
  return [
    ...said('assistant', 'It closed without saying which order it had changed.', worst, true),
    ...said('user', 'What the customer asked for first was never taken up again.', 'minor', false),
  ]
}

/** What the simulated world knows, as known answers; no round, so that whoever looks at the demo can answer at once. */
async function recordKnown(
  effects: Effects,
  rubric: RubricRow,
  asked: readonly string[],
  actor: string,
): Promise<readonly KnownEpisode[]> {
  const { projectId } = rubric
  const known: Answered[] = []
  for (const success of [0, 1])
    known.push(
      ...(await effects.db
        .select({ id: episodes.id, success: episodes.success })
        .from(episodes)
        .where(
          and(
            eq(episodes.agentId, rubric.agentId),
            eq(episodes.success, success),
            notInArray(episodes.id, [...asked]),
          ),
        )
        .orderBy(asc(episodes.id))
        .limit(KNOWN_EACH)),
    )
  for (const criterion of criteriaOf(rubricOf(rubric)))
    if (KNOWN_QUESTIONS.includes(criterion.id))
      for (const { id, success } of known)
        await setGold(effects, {
          projectId,
          episode: id,
          criterionSha256: criterionSha256(criterion),
          value: success === 1 ? 'yes' : 'no',
          explanation: `Simulated: the world of the demo counts this task as ${success === 1 ? 'done' : 'failed'}.`,
          actor,
        })
  await setVettingRules(effects, projectId, actor, SetVettingRules.parse({ roundQuestions: 0 }))
  return known.map(({ id, success }) => ({ id, succeeded: success === 1 }))
}

type Answered = { readonly id: string; readonly success: number | null }

function answersAbout({ id, success }: Answered, at: number, committed: Date) {
  return PEOPLE.flatMap(({ name, onSuccess, onFailure }) => {
    const chance = createRng(`${name} ${at}`)
    const says = (truth: boolean) => {
      const right = chance.chance(truth ? onSuccess : onFailure)
      return right === truth ? 'yes' : 'no'
    }
    const succeeded = success === 1
    const answers = {
      root: says(succeeded),
      'whole-request': says(succeeded),
      'kind-words': chance.weighted({ rude: 0.02, curt: 0.18, friendly: 0.8 }),
    }
    return Object.entries(answers).map(([criterion, value]) => ({
      episodeId: id,
      criterion,
      rater: name,
      raterKind: 'human' as const,
      answer: { kind: 'answered' as const, value },
      probability: null,
      form: 'find' as const,
      comment: '',
      evidence: [],
      claims: [],
      committedAt: committed.toISOString(),
      sourceKey: `demo ${at} ${criterion}`,
    }))
  })
}
