/**
 * Question  Does one simple judge explain recorded debates and consultancies, and what follows where the speakers change?
 * World     A judge that adds evidence speech by speech (debate-judge.ts), three numbers, fitted to what judges of the NYU records
 *           believed and how sure they were, never to how often they were right: to the round means alone, with the spreads
 *           of the rounds, and with the last beliefs as well (debate-fit.ts). It stops as often as recorded judges who are as
 *           sure. GPT-4 debaters: the noise is that of the fitted human judge, because the judges were the same people; two
 *           numbers are fitted.
 *           Then a family: judges with half and twice the noise; a wider gap of skill; consultants who persuade more, whichever
 *           answer they were given; weaker speakers; a dishonest debater who invents quotes in every round.
 * Oracle    the recorded accuracies, which no fit has seen; expected accuracies, by carrying distributions, stand beside what is
 *           simulated.
 * Answer    Accuracies beside the recorded ones. Fails where a fit with spreads is farther than 3 points from either of the
 *           human ones, or a sweep goes the wrong way.
 * Loses     The round means alone leave the accuracies open. GPT-4 consultancies: judged rightly in 80 % although beliefs stayed
 *           near one half; no judge of this kind does both. And a check of quotes knows whether the words stand in the story,
 *           not whether they say what they are quoted for: real words torn from their context persuade as before.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { fisherExact } from '@leeway/core/studies/fisher-exact'
import { COST_HEAD, costCells, PRICE_WORDS } from './cost-of-oversight.ts'
import { type DebateCostRow, debateCosts, READING } from './debate-cost.ts'
import { FITTED_TO, type Fit, type FittedTo, fitJudge } from './debate-fit.ts'
import { expectedOf, type Judge, judgeMany } from './debate-judge.ts'
import { quoteChecker, quotesOf } from './debate-quotes.ts'
import { GPT4, HUMAN, PROTOCOLS, type Protocol, type Records } from './debate-records.ts'
import { percent } from './percent.ts'

const SEED = 20_261_202
const GAPS = [0, 0.5, 1, 1.5, 2] as const
const PERSUASION = [0, 0.2, 0.4, 0.8] as const
const STRENGTHS = [1, 0.5, 0.25, 0.1, 0] as const
const NOISES = [0.5, 1, 2] as const
/** What a quote adds for its side where the judge believes it, as a multiple of the fitted gap of skill. */
const FORCES = [0.75, 1.5, 3] as const

export type FittedRow = {
  readonly speakers: string
  readonly to: FittedTo
  readonly fit: Fit
  readonly records: Records
}

export type SweepRow = { readonly noise: number; readonly accuracies: readonly number[] }
export type StrengthRow = {
  readonly strength: number
  readonly debate: number
  readonly consultancy: number
  /** Share of studies as large as the human one in which Fisher's test finds debate better. */
  readonly found: number
}
export const ATTACKS = [
  'none',
  'not verified',
  'compared letter by letter',
  'verified',
  'real words',
] as const
export type AttackRow = { readonly force: number; readonly accuracies: readonly number[] }

export type DebateConsultancy = {
  readonly fitted: readonly FittedRow[]
  readonly gap: readonly SweepRow[]
  readonly persuasion: readonly SweepRow[]
  readonly strength: readonly StrengthRow[]
  readonly attack: readonly AttackRow[]
  readonly costs: readonly DebateCostRow[]
}

export function debateConsultancy(size: {
  readonly judgments: number
  readonly studies: number
}): DebateConsultancy {
  const human = FITTED_TO.map((to) => ({
    speakers: 'human',
    to,
    fit: fitJudge(HUMAN, to, SEED),
    records: HUMAN,
  }))
  const fitted = [
    ...human,
    ...human.map(({ to, fit }) => {
      const known = { noise: fit.judge.noise }
      return { speakers: 'GPT-4', to, fit: fitJudge(GPT4, to, SEED, known), records: GPT4 }
    }),
  ]
  const { judge } = (human.at(-1) as FittedRow).fit
  const random = seededRandom(SEED)
  const accuracy = (changed: Judge, protocol: Protocol) =>
    judgeMany({ judge: changed, protocol, stops: HUMAN[protocol].stops }, size.judgments, random) /
    size.judgments
  const sweep = (over: readonly number[], protocol: Protocol, change: (by: number) => Judge) =>
    NOISES.map((noise) => ({
      noise,
      accuracies: over.map((by) => accuracy({ ...change(by), noise: noise * judge.noise }, protocol)),
    }))
  return {
    fitted,
    gap: sweep(GAPS, 'debate', (by) => ({
      ...judge,
      honest: judge.dishonest + by * (judge.honest - judge.dishonest),
    })),
    persuasion: sweep(PERSUASION, 'consultancy', (by) => ({
      ...judge,
      honest: judge.honest + by,
      dishonest: judge.dishonest + by,
    })),
    strength: STRENGTHS.map((strength) => {
      const weaker = { ...judge, honest: strength * judge.honest, dishonest: strength * judge.dishonest }
      return {
        strength,
        debate: accuracy(weaker, 'debate'),
        consultancy: accuracy(weaker, 'consultancy'),
        found: foundIn(size.studies, weaker, random),
      }
    }),
    attack: FORCES.map((force) => ({
      force,
      accuracies: ATTACKS.map((attack) =>
        attackedAccuracy(judge, attack, force * (judge.honest - judge.dishonest), size.judgments, random),
      ),
    })),
    costs: debateCosts(judge, HUMAN),
  }
}

function foundIn(studies: number, judge: Judge, random: () => number): number {
  let found = 0
  for (let study = 0; study < studies; study++) {
    const [debate, consultancy] = PROTOCOLS.map((protocol) => {
      const { judgments: total, stops } = HUMAN[protocol]
      return { right: judgeMany({ judge, protocol, stops }, total, random), total }
    }) as [{ right: number; total: number }, { right: number; total: number }]
    const better = debate.right / debate.total > consultancy.right / consultancy.total
    if (better && fisherExact(debate, consultancy) < 0.05) found += 1
  }
  return found / studies
}

/** The honest debater's quotes are part of the fitted skill; they lose their force where a check calls them invented. */
function attackedAccuracy(
  judge: Judge,
  attack: (typeof ATTACKS)[number],
  force: number,
  judgments: number,
  random: () => number,
): number {
  const { copied, invented, story } = quotesOf(random)
  const stands = quoteChecker(story)
  const believed = (quote: string) => {
    if (attack === 'not verified') return true
    return attack === 'compared letter by letter' ? story.includes(quote) : stands(quote)
  }
  const extra = () => {
    const honest = believed(copied()) ? 0 : -force
    if (attack === 'none') return honest
    return honest - (believed(attack === 'real words' ? copied() : invented()) ? force : 0)
  }
  const setting = { judge, protocol: 'debate', stops: HUMAN.debate.stops, extra } as const
  return judgeMany(setting, judgments, random) / judgments
}

export function debateTable({ fitted, gap, persuasion, strength, attack, costs }: DebateConsultancy): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const head = (...cells: readonly (string | number)[]) => [line(cells), `|${'---|'.repeat(cells.length)}`]
  const sweepRows = (rows: readonly SweepRow[]) =>
    rows.map(({ noise, accuracies }) => line([`× ${noise}`, ...accuracies.map(percent)]))
  const accuracyCells = ({ fit, records }: FittedRow, protocol: Protocol) => {
    const [low, high] = fit.near[protocol]
    return [
      percent(fit.accuracies[protocol]),
      `${percent(low)} to ${percent(high)}`,
      percent(records[protocol].accuracy),
    ]
  }
  const meansCell = (rounds: readonly { readonly mean: number }[]) =>
    rounds.map(({ mean }) => mean.toFixed(3)).join(' ')
  return [
    'Simulated judges, fitted to what recorded ones believed, not to how often they were right. Each row is fitted to what stands above it as well. "As near": accuracies of all judges tried that fit nearly as well (3.84 in squares).',
    '',
    ...head(
      'speakers',
      'fitted to',
      'honest',
      'dishonest',
      'noise',
      'squares of distance',
      'debate',
      'as near',
      'recorded',
      'consultancy',
      'as near',
      'recorded',
    ),
    ...fitted.map((row) => {
      const { honest, dishonest, noise } = row.fit.judge
      return line([
        row.speakers,
        row.to,
        ...[honest, dishonest, noise].map((one) => one.toFixed(2)),
        row.fit.distance.toFixed(1),
        ...accuracyCells(row, 'debate'),
        ...accuracyCells(row, 'consultancy'),
      ])
    }),
    '',
    'Mean belief in the right answer after one to four rounds, of those who still judge.',
    '',
    ...head('speakers', 'protocol', 'recorded', ...FITTED_TO.map((to) => `fitted to ${to}`)),
    ...['human', 'GPT-4'].flatMap((speakers) =>
      PROTOCOLS.map((protocol) => {
        const own = fitted.filter((row) => row.speakers === speakers)
        const { rounds, stops } = (own[0] as FittedRow).records[protocol]
        const simulated = own.map(({ fit }) =>
          meansCell(expectedOf(fit.judge, protocol, stops).rounds.slice(0, rounds.length)),
        )
        return line([speakers, protocol, meansCell(rounds), ...simulated])
      }),
    ),
    '',
    'Debate: accuracy by the gap of skill, as a multiple of the fitted one.',
    '',
    ...head('noise', ...GAPS),
    ...sweepRows(gap),
    '',
    'Consultancy: accuracy by what is added to the persuasion of either consultant, in log-odds a round.',
    '',
    ...head('noise', ...PERSUASION),
    ...sweepRows(persuasion),
    '',
    'Weaker speakers: both skills times this, and how often a study of 154 debates and 96 consultancies finds debate better.',
    '',
    ...head('skills', 'debate', 'consultancy', 'gain', 'found'),
    ...strength.map((row) =>
      line([
        `× ${row.strength}`,
        percent(row.debate),
        percent(row.consultancy),
        percent(row.debate - row.consultancy),
        percent(row.found),
      ]),
    ),
    '',
    'Debate: accuracy where the dishonest debater invents a quote in each round, by the force of a believed quote, as a multiple of the fitted gap of skill.',
    '',
    ...head('force', ...ATTACKS),
    ...attack.map(({ force, accuracies }) => line([force, ...accuracies.map(percent)])),
    '',
    `Cost of one wrong judgment less than by guessing: speeches of ${READING.speechWords} words read at ${READING.wordsAMinute} a minute, ${READING.speechTokens} tokens a speech of a model, ${PRICE_WORDS}; who reads the whole story is taken to be right.`,
    '',
    ...head('skills', 'help', 'accuracy', ...COST_HEAD),
    ...costs.map(({ skills, help, accuracy, cost }) =>
      line([skills === null ? '–' : `× ${skills}`, help, percent(accuracy), ...costCells(cost)]),
    ),
  ].join('\n')
}
