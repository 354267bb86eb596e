/** What validity rounds show, by operator: whether people tell its faults from natural ones, and whether both are caught as often. */
import type { ValidityReport } from '@leeway/contract/validity'
import type { Insufficient } from '@leeway/core/numeric/insufficient'
import { OPERATORS } from '@leeway/core/planted-faults/apply-operator'
import { detectionDifference } from '@leeway/core/planted-faults/detection-difference'
import { guessesToGo } from '@leeway/core/planted-faults/guesses-to-go'
import { OPERATOR_NAMES, type OperatorName } from '@leeway/core/planted-faults/operator'
import {
  type Guess,
  type PlantedValidity,
  plantedValidity,
} from '@leeway/core/planted-faults/planted-validity'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { acceptedFaults } from '../planted-faults/accepted-faults.ts'
import { detectionWords } from '../planted-faults/detection-words.ts'
import { faultAnswers, type KnownFaultAnswer } from '../planted-faults/fault-answers.ts'
import { naturalFaults } from '../planted-faults/natural-faults.ts'
import { hasText } from './faults-for.ts'
import { operatorGuesses } from './operator-guesses.ts'
import { validityRoundsOf } from './rounds.ts'

type Operator = ValidityReport['operators'][number]
type Material = { readonly copies: number; readonly natural: number }

const NO_MATERIAL: Material = { copies: 0, natural: 0 }

export async function validityReport(executor: Executor, projectId: string): Promise<ValidityReport> {
  const guesses = await operatorGuesses(executor, projectId)
  const material = await materialOf(executor, projectId)
  const answers = await faultAnswers(executor, projectId)
  return {
    rounds: [...(await roundsWithCounts(executor, projectId))],
    operators: OPERATOR_NAMES.filter((name) => guesses.has(name) || material.has(name)).map((name) =>
      operatorOf(name, guesses.get(name) ?? [], material.get(name) ?? NO_MATERIAL, answers),
    ),
  }
}

function operatorOf(
  operator: OperatorName,
  guesses: readonly Guess[],
  material: Material,
  answers: readonly KnownFaultAnswer[],
): Operator {
  const found = plantedValidity(guesses)
  const planted = guesses.filter((guess) => guess.planted).length
  const toGo = guessesToGo(found, { planted, natural: guesses.length - planted })
  const own = answers.filter((answer) => answer.operator === operator)
  const asked = new Set(own.map(({ criterionSha256 }) => criterionSha256))
  const compared = detectionDifference(
    own,
    answers.filter((answer) => answer.operator === null && asked.has(answer.criterionSha256)),
  )
  return {
    operator,
    ...material,
    guesses: guesses.length,
    people: new Set(guesses.map(({ rater }) => rater)).size,
    verdict: found.kind === 'insufficient' ? 'too-few' : VERDICTS[found.verdict],
    right: found.kind === 'insufficient' ? null : { ...found.accuracy },
    guessesToGo: toGo,
    words: wordsOf(operator, found, material, toGo),
    detection:
      compared.kind === 'insufficient'
        ? null
        : {
            planted: { ...compared.planted },
            natural: { ...compared.natural },
            difference: { ...compared.difference },
          },
    detectionWords: detectionWords(compared),
  }
}

const VERDICTS = { validated: 'passes', failed: 'fails', undecided: 'undecided' } as const

function wordsOf(
  operator: OperatorName,
  found: PlantedValidity | Insufficient,
  { copies, natural }: Material,
  toGo: number | null,
): string {
  const { title } = OPERATORS[operator]
  if (found.kind === 'validity' && found.verdict === 'validated')
    return `${title}: people cannot tell it from natural faults by more than 10 points over guessing.`
  if (found.kind === 'validity' && found.verdict === 'failed')
    return `${title}: people tell it from natural faults. It is mixed in among questions no more, until more guesses say otherwise.`
  const more =
    toGo === null
      ? 'the share of right guesses is so near the limit that no number of guesses can be foreseen to decide it'
      : `about ${toGo.toLocaleString('en')} more ${toGo === 1 ? 'guess is' : 'guesses are'} needed`
  const missing =
    copies === 0
      ? ' No copy of it is accepted now.'
      : natural === 0
        ? ' No natural fault of the same questions is known: record known answers, or decide disagreements.'
        : ''
  const why = found.kind === 'insufficient' ? ` (${found.reason})` : ''
  return `${title}: not known yet${why}; ${more}.${missing}`
}

async function roundsWithCounts(
  executor: Executor,
  projectId: string,
): Promise<readonly ValidityReport['rounds'][number][]> {
  const { rows } = await executor.execute<{ id: string; people: number; answers: number }>(sql`
    select places.round_id as id, count(distinct places.rater_id)::int as people, count(answers.place)::int as answers
    from validity_places places
    left join validity_answers answers on answers.project_id = places.project_id
      and answers.round_id = places.round_id and answers.rater_id = places.rater_id and answers.place = places.place
    where places.project_id = ${projectId} group by places.round_id`)
  const counts = new Map(rows.map((row) => [row.id, row]))
  return (await validityRoundsOf(executor, projectId)).map((round) => ({
    id: round.id,
    operator: round.operator,
    questions: round.questions,
    openedAt: round.at.toISOString(),
    ended: round.ended === null ? null : { at: round.ended.at.toISOString(), reason: round.ended.reason },
    seed: round.ended === null ? null : round.seed,
    seedSha256: round.seedSha256,
    people: counts.get(round.id)?.people ?? 0,
    answers: counts.get(round.id)?.answers ?? 0,
  }))
}

/** Accepted copies with their text, and natural faults of the same questions. */
async function materialOf(
  executor: Executor,
  projectId: string,
): Promise<ReadonlyMap<OperatorName, Material>> {
  const { rows } = await executor.execute<Material & { operator: OperatorName }>(sql`
    with copy as (
      select id, operator, criterion_sha256, value from ${acceptedFaults(projectId)} accepted
      where ${hasText(projectId, sql`accepted.id`)}
    ),
    beside as (
      select episode_id, criterion_sha256, value from ${naturalFaults(projectId, { decided: true })} made
      where ${hasText(projectId, sql`made.episode_id`)}
    )
    select operator, count(distinct id)::int as copies,
      (count(distinct (beside.episode_id, beside.criterion_sha256)) filter (where beside.episode_id is not null))::int as natural
    from copy left join beside on beside.criterion_sha256 = copy.criterion_sha256 and beside.value = copy.value
    group by operator`)
  return new Map(rows.map(({ operator, ...material }) => [operator, material]))
}
