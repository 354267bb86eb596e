/** `leeway gold retire`: takes a known answer that has leaked out of use, for good. */
import type { Client } from '@leeway/contract/client'
import { listGold, retireGold } from '@leeway/contract/vetting'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../../exit-codes.ts'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { retiredWords } from './retired-words.ts'

type Options = ServerOptions & {
  readonly reason: string
  readonly question?: string
  readonly json?: boolean
}

export function registerGoldRetire(gold: Command): void {
  withServerOptions(
    gold
      .command('retire')
      .description('retire a known answer that has leaked: nobody is asked it any more')
      .argument('<episode>', 'the episode it is about, as leeway gold list shows it')
      .requiredOption('--reason <words>', 'how it leaked')
      .option('--question <sha256>', 'of which question, where several are known about the episode')
      .option('--json', 'print JSON'),
  ).action(async (episode: string, options: Options) => {
    const client = serverClient(options)
    await withServer(async () => {
      const criterionSha256 = options.question ?? (await onlyQuestionAbout(client, episode))
      const { items } = await client.call(retireGold, {
        body: { episode, criterionSha256, reason: options.reason },
      })
      const now =
        items.find((item) => item.episodeId === episode && item.criterionSha256 === criterionSha256) ?? null
      if (options.json === true) return printJson(now)
      printLine(retiredWords(now?.people ?? null))
    })
  })
}

/** Throws CommandError where the list shows none or several: whoever names the question needs no list. */
async function onlyQuestionAbout(client: Client, episode: string): Promise<string> {
  const known = (await client.call(listGold)).items.filter((item) => item.episodeId === episode)
  const [first, ...others] = new Set(known.map(({ criterionSha256 }) => criterionSha256))
  if (first === undefined)
    throw new CommandError(
      `no answer is listed as known about episode ${episode}`,
      'leeway gold list shows those there are; name the question with --question',
      EXIT.badInput,
    )
  if (others.length > 0)
    throw new CommandError(
      `${others.length + 1} answers are known about episode ${episode}`,
      `name one with --question: ${[first, ...others].join(', ')}`,
      EXIT.badInput,
    )
  return first
}
