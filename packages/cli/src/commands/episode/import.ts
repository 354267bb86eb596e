/** `leeway episode import`: sends files to the server as they are, and tells what came of each record. */
import { createReadStream, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { Client } from '@leeway/contract/client'
import { ImportEvent, type ImportProblem, type ImportSummary } from '@leeway/contract/episodes'
import { declarePolicy } from '@leeway/contract/policies'
import type { Command } from 'commander'
import { parse } from 'yaml'
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { progressBar } from './progress-bar.ts'

type Options = ServerOptions & {
  readonly agent?: string
  readonly policy?: string
  readonly config?: string
  readonly json?: boolean
}

export function registerEpisodeImport(episode: Command): void {
  withServerOptions(episode.command('import'))
    .description('import recorded episodes; what is there already is not added again')
    .argument(
      '<files...>',
      'tau-bench, OpenTelemetry, Langfuse, Inspect (.json, .eval), chat JSONL or our own JSONL',
    )
    .option('--agent <name>', 'the agent that acted (needed unless the file says it)')
    .option('--policy <name>', 'the policy it acted by')
    .option('--config <file>', 'complete configuration of the policy, JSON or YAML: declares it')
    .option('--json', 'print JSON')
    .action(async (files: readonly string[], options: Options) => {
      for (const file of files) requireFile(file)
      const client = serverClient(options)
      const summaries = await withServer(async () => {
        const query = await whoActed(client, options)
        const done: ImportSummary[] = []
        for (const file of files) done.push(await importFile(client, options, file, query))
        return done
      })
      const total = sum(summaries)
      if (options.json === true) printJson({ ...total, files: summaries })
      else {
        if (files.length > 1)
          for (const [at, summary] of summaries.entries())
            printLine(`${plainText(files[at]!)}: ${sentence(summary)}`)
        printLine(sentence(total))
      }
      process.exitCode = exitCodeOf(total)
    })
}

/** Query of the import: a declared policy when there is a configuration, else names. */
async function whoActed(client: Client, options: Options): Promise<URLSearchParams> {
  const query = new URLSearchParams()
  if (options.config === undefined) {
    if (options.agent !== undefined) query.set('agent', options.agent)
    if (options.policy !== undefined) query.set('policy', options.policy)
    return query
  }
  if (options.agent === undefined || options.policy === undefined)
    throw new CommandError(
      '--config needs --agent and --policy.',
      'Name the policy that has this configuration.',
    )
  const config = await readConfig(options.config)
  const body = { agent: options.agent, name: options.policy, config }
  query.set('policyId', (await client.call(declarePolicy, { body })).id)
  return query
}

/** JSON is YAML too. */
async function readConfig(file: string): Promise<ReturnType<typeof JSON.parse>> {
  requireFile(file)
  try {
    return JSON.parse(JSON.stringify(parse(await readFile(file, 'utf8')) ?? null))
  } catch (error) {
    throw new CommandError(`${file}: ${(error as Error).message}`, 'Write the configuration as JSON or YAML.')
  }
}

async function importFile(
  client: Client,
  options: Options,
  file: string,
  who: URLSearchParams,
): Promise<ImportSummary> {
  const query = new URLSearchParams(who)
  query.set('file', basename(file).slice(0, 300))
  const bar = progressBar(statSync(file).size, options.json !== true && process.stderr.isTTY === true)
  const path = `/api/projects/${encodeURIComponent(options.project)}/episodes/import?${query}`
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Readable.toWeb(createReadStream(file, { highWaterMark: 256 * 1024 })) as ReadableStream<Uint8Array>,
    duplex: 'half',
  }
  const answer = await client.send(path, init)
  try {
    for await (const line of linesOf(answer)) {
      const event = ImportEvent.parse(JSON.parse(line))
      if (event.kind === 'progress') bar.show(event)
      if (event.kind === 'problem') bar.note(problemLine(file, event))
      if (event.kind === 'summary') {
        if (event.problemsLeftOut > 0) bar.note(`and ${event.problemsLeftOut} more refused records`)
        return event
      }
      if (event.kind === 'failed')
        throw new CommandError(
          `${event.detail} ${event.added} episodes were added.`,
          event.hint,
          EXIT.internal,
        )
    }
  } finally {
    bar.end()
  }
  throw new CommandError(
    'The server broke off before its summary.',
    'Import the file again: what is there already is not added twice.',
    EXIT.unreachable,
  )
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(piece, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line !== '')
  }
  if (rest !== '') yield rest
}

function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw new CommandError(`${file} does not exist.`, 'Check the path.')
  if (!found.isFile())
    throw new CommandError(`${file} is not a file.`, 'Name the files in the folder: DIR/*.')
}

/** `runs.jsonl:12 outcome.success: …`, as editors and people find it. */
function problemLine(file: string, problem: ImportProblem): string {
  const place = problem.line === null ? file : `${file}:${problem.line}`
  const field = problem.field === null ? '' : `${problem.field}: `
  return plainText(`${place} ${field}${problem.reason} Expected: ${problem.expected} ${problem.fix}`)
}

type Total = Pick<
  ImportSummary,
  'added' | 'known' | 'refused' | 'erased' | 'redactions' | 'bytesRead' | 'outcomes' | 'successes'
>

function sum(summaries: readonly ImportSummary[]): Total {
  const total = {
    added: 0,
    known: 0,
    refused: 0,
    erased: 0,
    redactions: 0,
    bytesRead: 0,
    outcomes: 0,
    successes: 0,
  }
  for (const summary of summaries)
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += summary[key]
  return total
}

/** `100 episodes added, 0 already known, 0 refused. Success rate 0.73 (73 of 100).` */
export function sentence(total: Total): string {
  const count = (number: number) => number.toLocaleString('en')
  const parts = [
    `${count(total.added)} ${total.added === 1 ? 'episode' : 'episodes'} added, ${count(total.known)} already known, ${count(total.refused)} refused.`,
  ]
  if (total.erased > 0) parts.push(`${count(total.erased)} were erased once and stay so.`)
  if (total.redactions > 0) parts.push(`${count(total.redactions)} places redacted.`)
  if (total.outcomes === 0) parts.push('No outcome was recorded, so there is no success rate.')
  else {
    const of = Number.isInteger(total.successes)
      ? `${count(total.successes)} of ${count(total.outcomes)}`
      : `mean of ${count(total.outcomes)}`
    parts.push(`Success rate ${(total.successes / total.outcomes).toFixed(2)} (${of}).`)
  }
  return parts.join(' ')
}

function exitCodeOf(total: Total): ExitCode {
  if (total.refused === 0) return EXIT.ok
  return total.added + total.known + total.erased === 0 ? EXIT.badInput : EXIT.partial
}
