/** `leeway gold retire`: takes a known answer that has leaked out of use, for good. */
import { listGold, retireGold } from '@leeway/contract/vetting'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../../exit-codes.ts'
import { printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

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
      const known = (await client.call(listGold)).items.filter((item) => item.episodeId === episode)
      const questions = [...new Set(known.map(({ criterionSha256 }) => criterionSha256))]
      const criterionSha256 = options.question ?? (questions.length === 1 ? questions[0] : undefined)
      if (criterionSha256 === undefined)
        throw new CommandError(
          questions.length === 0
            ? `no answer is listed as known about episode ${episode}`
            : `${questions.length} answers are known about episode ${episode}`,
          questions.length === 0
            ? 'leeway gold list shows those there are; name the question with --question'
            : `name one with --question: ${questions.join(', ')}`,
          EXIT.badInput,
        )
      const { items } = await client.call(retireGold, {
        body: { episode, criterionSha256, reason: options.reason },
      })
      const now = items.find((item) => item.episodeId === episode && item.criterionSha256 === criterionSha256)
      if (options.json === true) return printJson(now)
      printLine(`Retired. ${now?.people ?? 0} people had met it; what they answered counts as it did.`)
    })
  })
}
