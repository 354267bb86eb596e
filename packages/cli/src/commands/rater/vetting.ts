/** `leeway rater vetting`: shows, or sets, how raters earn their place. */
import { SetVettingRules, setVettingRules, showVetting, type VettingView } from '@leeway/contract/vetting'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Rules = { bar?: number; floor?: number; hidden?: number; round?: number; exposures?: number }

export function registerRaterVetting(rater: Command): void {
  withServerOptions(
    rater
      .command('vetting')
      .description(
        'show how raters are vetted; with options, set it (what is left out stays, or has its default)',
      )
      .addOption(new Option('--bar <percent>', 'vetted once shown to be right on more').argParser(percent))
      .addOption(
        new Option('--floor <percent>', 'suspended once shown to be right on less').argParser(percent),
      )
      .addOption(
        new Option('--hidden <percent>', 'known answers among a rater’s questions').argParser(percent),
      )
      .addOption(new Option('--round <questions>', 'of the qualification round; 0: none').argParser(count))
      .addOption(new Option('--exposures <people>', 'who meet an item before it is retired').argParser(count))
      .option('--json', 'print JSON'),
  ).action(async (options: ServerOptions & Rules & { readonly json?: boolean }) => {
    const client = serverClient(options)
    const { bar, floor, hidden, round, exposures } = options
    const view = await withServer(async () => {
      const before = await client.call(showVetting)
      if ([bar, floor, hidden, round, exposures].every((one) => one === undefined)) return before
      const { at: _, ...rules } = before.rules ?? { ...SetVettingRules.parse({}), at: '' }
      return client.call(setVettingRules, {
        body: {
          bar: bar ?? rules.bar,
          floor: floor ?? rules.floor,
          hiddenShare: hidden ?? rules.hiddenShare,
          roundQuestions: round ?? rules.roundQuestions,
          exposuresMax: exposures ?? rules.exposuresMax,
        },
      })
    })
    if (options.json === true) return printJson(view)
    for (const line of linesOf(view)) printLine(plainText(line))
  })
}

function linesOf({ rules, answersToVet, known }: VettingView): readonly string[] {
  const words =
    rules === null
      ? ['Nobody is vetted by known answers; set it with --bar, --floor, --hidden, --round.']
      : [
          `Vetted above ${shown(rules.bar)} (${answersToVet} right in a row are enough), suspended below ${shown(rules.floor)}.`,
          `A round of at most ${rules.roundQuestions}, then ${shown(rules.hiddenShare)} of the questions; at most ${rules.exposuresMax} people meet an item.`,
        ]
  const items = known.map(
    ({ question, answers }) =>
      `“${question}” ${answers.map(({ value, items: many, forRound }) => `${value}: ${many} known, ${forRound} for rounds`).join('; ')}`,
  )
  return [...words, ...(items.length === 0 ? ['No answer is known yet: leeway gold import.'] : items)]
}

const shown = (share: number) => `${Math.round(100 * share)} %`

/** As a share. */
function percent(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 99))
    throw new InvalidArgumentError('0 to 99, in percent')
  return value / 100
}

function count(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('a whole number')
  return Number(text)
}
