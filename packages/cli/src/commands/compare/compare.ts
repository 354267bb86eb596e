/** `leeway compare`: ratings from pairwise comparisons, from a file, with core alone. */
import { fitPairwise, type PairwiseFit, type RatedPlayer } from '@leeway/core/pairwise/bradley-terry'
import { type Command, Option } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { numberBetween } from '../gate/number-option.ts'
import { percent, withInterval } from '../print-interval.ts'
import { type ComparisonsFile, readComparisonsFile } from './comparisons-file.ts'

type Options = {
  readonly ties: 'half' | 'davidson'
  /** `false` from --no-features; absent: all. */
  readonly features?: string | false
  readonly position?: boolean
  readonly reliability?: boolean
  readonly ridge: number
  readonly alpha: number
  readonly json?: boolean
}

const POSITION = 'position (shown left)'

export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description('ratings from pairwise comparisons: Bradley-Terry with ties, covariates and intervals')
    .argument(
      '<comparisons>',
      'CSV or JSON Lines with left, right, winner[, rater, unit, features]; - is standard input',
    )
    .addOption(
      new Option('--ties <model>', 'half a win each, or an outcome of their own')
        .choices(['half', 'davidson'])
        .default('half'),
    )
    .option('--features <a,b>', 'covariates to allow for (default: every numeric column)')
    .option('--no-features', 'no covariates')
    .option('--position', 'allow for an advantage of being shown on the left')
    .option('--reliability', 'learn how often each rater answers honestly')
    .option('--ridge <number>', 'penalty that keeps separated players finite', numberBetween(0, 1e6), 0)
    .option('--alpha <rate>', 'probability that an interval misses', numberBetween(0, 1, 'above'), 0.05)
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const { features = 'all' } = options
      const wanted =
        features === false
          ? []
          : features === 'all'
            ? features
            : features.split(',').map((name) => name.trim())
      const file = await readComparisonsFile(path, wanted)
      const compared = compare(file, options)
      if (options.json) printJson(compared)
      else print(compared)
    })
}

function compare({ comparisons, features, unread }: ComparisonsFile, options: Options) {
  if (options.reliability && comparisons.some(({ rater }) => rater === null))
    throw new CommandError('--reliability needs a rater in every comparison', 'fill in the column rater')
  if (options.reliability && options.ties === 'davidson')
    throw new CommandError('--reliability counts a tie as half a win each', 'leave out --ties davidson')
  const names = [...features.map(({ name }) => name), ...(options.position ? [POSITION] : [])]
  const fit = fitPairwise(
    options.position
      ? comparisons.map((comparison) => ({ ...comparison, features: [...comparison.features, 1] }))
      : comparisons,
    {
      ties: options.ties,
      features: names,
      ridge: options.ridge,
      alpha: options.alpha,
      reliability: options.reliability === true,
    },
  )
  const decided = comparisons.filter(({ outcome }) => outcome !== 0.5)
  return {
    comparisons: comparisons.length,
    players: new Set(comparisons.flatMap(({ left, right }) => [left, right])).size,
    raters: new Set(comparisons.flatMap(({ rater }) => (rater === null ? [] : [rater]))).size,
    ties: comparisons.length - decided.length,
    leftWins: decided.filter(({ outcome }) => outcome === 1).length,
    unread,
    units: features.map((feature) => ({ ...feature })),
    level: 1 - options.alpha,
    ridge: options.ridge,
    fit:
      fit.kind === 'insufficient'
        ? fit
        : { ...fit, components: fit.components.map((groups) => groups.map(withElo)) },
  }
}

/** Beside logits the scale people know: 400 / ln 10 to a logit, mean 1000 in a group. */
function withElo(group: readonly RatedPlayer[]) {
  return group.map((player) => ({
    ...player,
    elo: player.rating.kind === 'estimate' ? toElo(player.rating.value) : null,
  }))
}

function toElo(rating: number): number {
  return 1000 + (rating * 400) / Math.LN10
}

type Compared = ReturnType<typeof compare>

function print(compared: Compared): void {
  const { comparisons, players, raters, ties, fit } = compared
  printLine(
    `${comparisons} comparisons of ${players} players${raters > 0 ? ` by ${raters} raters` : ''}, ${ties} ties; ${percent(compared.level)} intervals`,
  )
  printLine()
  if (fit.kind === 'insufficient') {
    printLine(`Unknown: ${plainText(fit.reason)}.`)
    return
  }
  fit.components.forEach((groups, at) => {
    if (fit.components.length > 1)
      printLine(`Component ${at + 1} of ${fit.components.length}: no comparison joins it to the others.`)
    groups.forEach((group, below) => {
      if (groups.length > 1) printLine(groupTitle(below, groups.length))
      printGroup(group)
    })
    printLine()
  })
  printEffects(fit, compared)
  printLine(
    fit.clusteredBy === 'rater'
      ? `The intervals speak of other raters like these ${fit.clusters}.`
      : fit.clusteredBy === 'unit' && raters < 2
        ? `The intervals speak of other units like these ${fit.clusters}.`
        : raters > 0
          ? `The intervals speak of these ${raters} raters only: too few to speak of others.`
          : 'The intervals take the comparisons as independent; name the raters to allow for their habits.',
  )
  if (compared.ridge > 0) printLine(`A ridge of ${compared.ridge} draws all ratings together.`)
  const decided = comparisons - ties
  if (decided > 0)
    printLine(
      `The left one won ${compared.leftWins} of ${decided} decided comparisons (--position allows for it).`,
    )
  if (compared.unread.length > 0) printLine(`Not read: ${plainText(compared.unread.join(', '))}.`)
}

function groupTitle(at: number, of: number): string {
  return at === 0
    ? 'These never lost to anyone below:'
    : at === of - 1
      ? 'These never won against anyone above; how far below they are is not known:'
      : 'How far these are from those above and below is not known:'
}

function printGroup(group: ReturnType<typeof withElo>): void {
  printTable(
    ['rank', 'player', 'rating', 'Elo', 'wins', 'comparisons'],
    group.map(({ name, rating, rank, elo, wins, comparisons }) => [
      rank === null ? '–' : rank.best === rank.worst ? String(rank.best) : `${rank.best} to ${rank.worst}`,
      plainText(name),
      withInterval(rating),
      elo === null ? '–' : elo.toFixed(0),
      String(wins),
      String(comparisons),
    ]),
  )
}

function printEffects(
  fit: Pick<PairwiseFit, 'effects' | 'tieStrength' | 'raters'>,
  { units }: Compared,
): void {
  for (const effect of fit.effects) {
    const unit = units.find(({ name }) => name === effect.name)
    printLine(
      `  ${plainText(effect.name).padEnd(24)}${withInterval(effect)}${unit ? ` per ${unit.standardDeviation.toPrecision(3)}` : ''}`,
    )
  }
  if (fit.tieStrength !== null) printLine(`  ${'tie strength'.padEnd(24)}${withInterval(fit.tieStrength)}`)
  if (fit.effects.length > 0 || fit.tieStrength !== null) printLine()
  if (fit.raters.length === 0) return
  printTable(
    ['rater', 'honest answers', 'comparisons'],
    fit.raters.map((rater) => [plainText(rater.name), withInterval(rater), String(rater.comparisons)]),
  )
  printLine()
}
