/** Two studies of the demo: one that simulated people have answered, and one that waits for whoever looks. */
import { SetUpStudy } from '@leeway/contract/studies'
import type { Effects } from '../http/environment.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { setUpStudy } from '../studies/set-up-study.ts'
import { itemsOf, requireStudy } from '../studies/stored-study.ts'
import { answerStudy, studyTurn } from '../studies/study-turn.ts'
import { agree } from '../studies/take-part.ts'
import { createRng } from './world/rng.ts'

const CONSENT =
  'You answer questions about runs of a simulated help desk and say how sure you are. Your answers and their times are stored in this demo and nowhere else. You may stop at any time.'
const PEOPLE = 6
const ITEMS_EACH = 8
/** For one who only looks: a few minutes. */
const ITEMS_OF_VISITORS = 4
/** How often the simulated people are right, and how often a wrong one is mended, a right one spoilt, by what a critic claims. */
const RIGHT = 0.65
const MENDED = 0.6
const SPOILT = 0.1
const SECONDS = { min: 25, max: 70 } as const

export async function runStudies(
  effects: Effects,
  projectId: string,
  rubric: string,
  actor: string,
): Promise<void> {
  const design = {
    rubric,
    criterion: 'root',
    arms: ['unaided', 'critique'],
    consent: CONSENT,
    expected: { control: 0.65, difference: 0.25 },
  }
  const done = await setUpStudy(
    effects,
    projectId,
    actor,
    SetUpStudy.parse({
      ...design,
      name: 'Do critiques help? (simulated people)',
      question: 'Are people right more often once they have read what a model claims to be wrong?',
      raters: PEOPLE,
      itemsPerRater: ITEMS_EACH,
    }),
  )
  for (let one = 1; one <= PEOPLE; one++) await takePart(effects, projectId, done, one)
  await setUpStudy(
    effects,
    projectId,
    actor,
    SetUpStudy.parse({
      ...design,
      name: 'Would you see more with a critique?',
      question: 'The same for visitors of this demo: a few questions, some of them answered twice.',
      raters: 20,
      itemsPerRater: ITEMS_OF_VISITORS,
    }),
  )
}

async function takePart(effects: Effects, projectId: string, study: string, one: number): Promise<void> {
  const { id: raterId } = await ensureRater(effects.db, effects, projectId, {
    kind: 'human',
    name: `Participant ${one} (simulated)`,
    family: 'simulated',
    definition: { simulated: true },
  })
  const who = { projectId, raterId }
  const chance = createRng(`participant ${one}`)
  await agree(effects, who, study)
  const { row } = await requireStudy(effects.db, projectId, study)
  const known = new Map((await itemsOf(effects.db, row)).map((item) => [item.episodeId, item.known]))
  for (let turn = await studyTurn(effects.db, who, study); turn.item !== null; ) {
    const { place, stage, episodeId, before } = turn.item
    const right = known.get(episodeId ?? '') ?? 'yes'
    const wasRight = before?.value === right
    const isRight = before === null ? chance.chance(RIGHT) : chance.chance(wasRight ? 1 - SPOILT : MENDED)
    const seconds = SECONDS.min + (SECONDS.max - SECONDS.min) * chance.next()
    await answerStudy(effects, who, study, {
      place,
      stage,
      value: isRight ? right : right === 'yes' ? 'no' : 'yes',
      probability: chance.weighted({ '0.6': 0.2, '0.75': 0.4, '0.9': 0.4 }) === '0.9' ? 0.9 : 0.7,
      startedAt: new Date(effects.now().getTime() - seconds * 1_000).toISOString(),
    })
    turn = await studyTurn(effects.db, who, study)
  }
}
