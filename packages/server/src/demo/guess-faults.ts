/** Planted faults of the demo, and a round in which simulated people guessed which are planted; visitors with the role of a rater may go on. */
import { OpenValidityRound } from '@leeway/contract/validity'
import type { OperatorName } from '@leeway/core/planted-faults/operator'
import type { Effects } from '../http/environment.ts'
import { plantFaults } from '../planted-faults/plant-faults.ts'
import { reviewPlanted } from '../planted-faults/review-planted.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { openValidityRound, validityRoundsOf } from '../validity/rounds.ts'
import { agreeToValidity, answerValidity, validityTurn } from '../validity/take-part.ts'
import { createRng } from './world/rng.ts'

const CONSENT =
  'You say of each fault whether the agent made it or somebody put it in. Your guesses are stored in this demo and nowhere else. You may stop at any time.'
const PEOPLE = 12
/** How often the simulated people are right: the second kind gives itself away. */
const FAULTS: readonly { readonly operator: OperatorName; readonly told: number }[] = [
  { operator: 'swap-id', told: 0.5 },
  { operator: 'invent-fact', told: 0.95 },
]
const SECONDS = 45

/** `about`: episodes that went well, to copy. */
export async function guessFaults(
  effects: Effects,
  projectId: string,
  rubric: string,
  about: readonly string[],
  actor: string,
): Promise<void> {
  const told = new Map<string, number>()
  for (const [at, fault] of FAULTS.entries()) {
    const { planted } = await plantFaults(effects, projectId, actor, {
      rubric,
      criterion: 'root',
      operator: fault.operator,
      value: 'no',
      episodes: about.filter((_, index) => index % FAULTS.length === at),
    })
    for (const { id } of planted) {
      await reviewPlanted(effects, projectId, actor, id, { accepted: true, reason: 'Simulated.' })
      told.set(id, fault.told)
    }
  }
  await openValidityRound(effects, projectId, actor, OpenValidityRound.parse({ consent: CONSENT }))
  const [round] = await validityRoundsOf(effects.db, projectId)
  if (round === undefined) throw new Error('the round of the demo was not opened')
  for (let one = 1; one <= PEOPLE; one++) await guess(effects, projectId, round.id, told, one)
}

/** Of natural faults right as often as of a copy that does not give itself away. */
async function guess(
  effects: Effects,
  projectId: string,
  round: string,
  told: ReadonlyMap<string, number>,
  one: number,
): Promise<void> {
  const { id: raterId } = await ensureRater(effects.db, effects, projectId, {
    kind: 'human',
    name: `Guesser ${one} (simulated)`,
    family: 'simulated',
    definition: { simulated: true },
  })
  const who = { projectId, raterId }
  const chance = createRng(`guesser ${one}`)
  await agreeToValidity(effects, who, round)
  for (let turn = await validityTurn(effects.db, who, round); turn.item !== null; ) {
    const { place, episodeId } = turn.item
    const isCopy = told.has(episodeId)
    const right = chance.chance(told.get(episodeId) ?? 0.5)
    await answerValidity(effects, who, round, {
      place,
      saidPlanted: right === isCopy,
      startedAt: new Date(effects.now().getTime() - SECONDS * 1_000).toISOString(),
    })
    turn = await validityTurn(effects.db, who, round)
  }
}
