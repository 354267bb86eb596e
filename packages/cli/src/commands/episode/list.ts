/** `leeway episode list`: what is stored, newest import first. */
import { type EpisodeHeader, type EpisodePage, listEpisodes } from '@leeway/contract/episodes'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & {
  readonly agent?: string
  readonly policy?: string
  readonly task?: string
  readonly text?: string
  readonly success?: 'yes' | 'no' | 'unknown'
  readonly limit: number
  readonly cursor?: string
  readonly json?: boolean
}

export function registerEpisodeList(episode: Command): void {
  withServerOptions(episode.command('list'))
    .description('list episodes, newest import first')
    .option('--agent <name>', 'of this agent only')
    .option('--policy <name>', 'of this policy only')
    .option('--task <key>', 'of this task only')
    .option('--text <words>', 'whose title has these words')
    .addOption(new Option('--success <which>', 'by outcome').choices(['yes', 'no', 'unknown']))
    .option('--limit <count>', 'at most this many, up to 200', readLimit, 50)
    .option('--cursor <cursor>', 'go on where the list before ended')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { agent, policy, task, text, success, limit, cursor } = options
      const query = { agent, policy, task, text, success, limit, cursor }
      const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
      const page = await withServer(() => serverClient(options).call(listEpisodes, { query: given }))
      if (options.json === true) printJson(page)
      else printPage(page)
    })
}

function printPage(page: EpisodePage): void {
  if (page.items.length === 0) {
    printLine('No episodes. Import some with: leeway episode import FILE --agent NAME')
    return
  }
  printTable(['id', 'policy', 'success', 'steps', 'title'], page.items.map(row))
  if (page.nextCursor !== null) printLine(`More with: --cursor ${page.nextCursor}`)
}

function row(header: EpisodeHeader): readonly string[] {
  const policy = `${header.agentName} / ${header.policyName}`
  return [
    header.id,
    plainText(policy.slice(0, 40)),
    header.success === null ? '–' : String(header.success),
    String(header.stepCount),
    plainText(header.title.slice(0, 60)),
  ]
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 200) return limit
  throw new InvalidArgumentError('expected a whole number from 1 to 200')
}
