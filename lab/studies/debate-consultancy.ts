/**
 * Question  Does one simple judge explain recorded debates and consultancies, and what follows where the speakers change?
 * World     A judge that adds evidence round by round (debate-judge.ts), three numbers, fitted to the mean beliefs after each
 *           round that the NYU records show, once without and once with their two accuracies. GPT-4 debaters: the noise is
 *           that of the fitted human judge, because the judges were the same people; two numbers are fitted.
 *           Then a family: judges with half and twice the noise; a wider gap of skill; consultants who persuade more, whichever
 *           answer they were given; weaker speakers; a dishonest debater who invents quotes in every round.
 * Oracle    expected accuracies in closed form stand beside the fit; the sweeps are simulated.
 * Answer    Accuracies beside the recorded ones. Fails where the fit with accuracies is farther than 3 points from either of
 *           the human ones, or a sweep goes the wrong way.
 * Loses     GPT-4 consultancies: judged rightly in 80 % although beliefs stayed near one half. No judge of this kind does both;
 *           in the records those who stop are nearer the truth than those who go on, here stopping is blind. And a check
 *           of quotes knows whether the words stand in the story, not whether they say what they are quoted for: real words
 *           torn from their context persuade as before.
 */
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { fisherExact } from '@leeway/core/studies/fisher-exact'
import { COST_HEAD, costCells, PRICE_WORDS } from './cost-of-oversight.ts'
import { type DebateCostRow, debateCosts, READING } from './debate-cost.ts'
import {
  expectedAccuracy,
  type Fit,
  fitJudge,
  GPT4,
  HUMAN,
  type Judge,
  judgeMany,
  meanAfter,
  type Protocol,
  type Records,
} from './debate-judge.ts'
import { quoteChecker, quotesOf } from './debate-quotes.ts'
import { percent } from './percent.ts'

const SEED = 20_261_202
const GAPS = [0, 0.5, 1, 1.5, 2] as const
const PERSUASION = [0, 0.2, 0.4, 0.8] as const
const STRENGTHS = [1, 0.5, 0.25, 0.1, 0] as const
const NOISES = [0.5, 1, 2] as const
/** Log-odds that a quote adds for its side where the judge believes it. */
const FORCES = [0.25, 0.5, 1] as const

export type FittedRow = {
  readonly speakers: string
  readonly to: string
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
  const human = fitJudge(HUMAN, 'means and accuracies', SEED)
  const known = { noise: human.judge.noise }
  const fitted = [
    { speakers: 'human', to: 'means', fit: fitJudge(HUMAN, 'means', SEED), records: HUMAN },
    { speakers: 'human', to: 'means and accuracies', fit: human, records: HUMAN },
    { speakers: 'GPT-4', to: 'means', fit: fitJudge(GPT4, 'means', SEED, known), records: GPT4 },
    {
      speakers: 'GPT-4',
      to: 'means and accuracies',
      fit: fitJudge(GPT4, 'means and accuracies', SEED, known),
      records: GPT4,
    },
  ]
  const { judge } = human
  const random = seededRandom(SEED)
  const accuracy = (changed: Judge, protocol: Protocol) =>
    judgeMany({ judge: changed, protocol, stop: HUMAN[protocol].stop }, size.judgments, random) /
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
      accuracies: ATTACKS.map((attack) => attackedAccuracy(judge, attack, force, size.judgments, random)),
    })),
    costs: debateCosts(judge, HUMAN),
  }
}

function foundIn(studies: number, judge: Judge, random: () => number): number {
  let found = 0
  for (let study = 0; study < studies; study++) {
    const [debate, consultancy] = (['debate', 'consultancy'] as const).map((protocol) => {
      const { judgments: total, stop } = HUMAN[protocol]
      return { right: judgeMany({ judge, protocol, stop }, total, random), total }
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
  const setting = { judge, protocol: 'debate', stop: HUMAN.debate.stop, extra } as const
  return judgeMany(setting, judgments, random) / judgments
}

export function debateTable({ fitted, gap, persuasion, strength, attack, costs }: DebateConsultancy): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const head = (...cells: readonly (string | number)[]) => [line(cells), `|${'---|'.repeat(cells.length)}`]
  const sweepRows = (rows: readonly SweepRow[]) =>
    rows.map(({ noise, accuracies }) => line([`× ${noise}`, ...accuracies.map(percent)]))
  const accuracyCells = ({ fit, records }: FittedRow, protocol: Protocol) => {
    const [low, high] = fit.accuracies[protocol]
    const { stop, accuracy } = records[protocol]
    const found = expectedAccuracy(fit.judge, protocol, stop)
    return [percent(found), `${percent(low)} to ${percent(high)}`, percent(accuracy)]
  }
  const meansCell = (means: readonly number[]) => means.map((mean) => mean.toFixed(3)).join(' ')
  return [
    'Simulated judges, fitted to recorded ones. "As near": accuracies of all judges that fit nearly as well (3.84 in squares).',
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
    'Mean belief in the right answer after one to four rounds.',
    '',
    ...head('speakers', 'protocol', 'recorded', 'fitted to means', 'fitted to both'),
    ...['human', 'GPT-4'].flatMap((speakers) =>
      (['debate', 'consultancy'] as const).map((protocol) => {
        const own = fitted.filter((row) => row.speakers === speakers)
        const simulated = own.map(({ fit }) =>
          meansCell([1, 2, 3, 4].map((rounds) => meanAfter(fit.judge, protocol, rounds))),
        )
        return line([speakers, protocol, meansCell(own[0]?.records[protocol].means ?? []), ...simulated])
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
    'Debate: accuracy where the dishonest debater invents a quote in each round, by the force of a believed quote.',
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
