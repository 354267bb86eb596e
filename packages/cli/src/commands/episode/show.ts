/** `leeway episode show`: one episode for reading. All of its text is hostile: control characters are shown, not sent. */
import { type EpisodeDetail, type StepBody, showEpisode, showStepBodies } from '@leeway/contract/episodes'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & { readonly json?: boolean }

/** Characters of one step that are printed; --json has all. */
const STEP_CHARS = 4_000

export function registerEpisodeShow(episode: Command): void {
  withServerOptions(episode.command('show'))
    .description('print an episode with its steps')
    .argument('<id>', 'id of the episode')
    .option('--json', 'print JSON, nothing left out')
    .action(async (id: string, options: Options) => {
      const client = serverClient(options)
      await withServer(async () => {
        const detail = await client.call(showEpisode, { params: { episode: id } })
        const steps: StepBody[] = []
        if (options.json !== true) printHeader(detail)
        for (let from: number | null = detail.hasBody && detail.stepCount > 0 ? 0 : null; from !== null; ) {
          const page = await client.call(showStepBodies, { params: { episode: id }, query: { from } })
          if (options.json === true) steps.push(...page.steps)
          else for (const step of page.steps) printLine(stepText(step))
          from = page.nextFrom
        }
        if (options.json === true) printJson({ ...detail, steps })
      })
    })
}

function printHeader(detail: EpisodeDetail): void {
  const outcome =
    detail.success === null
      ? 'no outcome'
      : `success ${detail.success}${detail.severe ? ', severe harm' : ''}`
  printLine(`${detail.id}  ${plainText(detail.agentName)} / ${plainText(detail.policyName)}  ${outcome}`)
  const facts = [
    detail.simulated ? 'simulated' : null,
    detail.taskKey === null ? null : `task ${detail.taskKey}`,
    detail.startedAt,
    `${detail.stepCount} steps`,
    detail.redactionCount === 0 ? null : `${detail.redactionCount} places redacted`,
  ]
  printLine(plainText(facts.filter((fact) => fact !== null).join(', ')))
  if (!detail.hasBody) printLine('Its text was erased when its retention days were over.')
  if (detail.instructions !== '')
    printLine(`\n${plainText(detail.instructions.slice(0, STEP_CHARS), { multiline: true })}`)
}

/** The head of a step on one line, its content indented below. */
export function stepText(step: StepBody): string {
  const head = [
    `#${step.ordinal}`,
    step.kind,
    step.name,
    step.durationMs === null ? null : `${step.durationMs} ms`,
  ]
  const content = typeof step.content === 'string' ? step.content : JSON.stringify(step.content, null, 2)
  const left = content.length - STEP_CHARS
  const shown = plainText(content.slice(0, STEP_CHARS), { multiline: true })
  const lines = [
    '',
    plainText(head.filter((part) => part !== null).join('  ')),
    ...shown.split('\n').map((line) => `    ${line}`),
  ]
  if (left > 0) lines.push(`    … ${left.toLocaleString('en')} more characters; --json prints all`)
  if (step.error !== null) lines.push(`    error: ${plainText(step.error.slice(0, STEP_CHARS))}`)
  return lines.join('\n')
}
