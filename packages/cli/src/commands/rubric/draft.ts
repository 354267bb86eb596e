/** `leeway rubric draft`: a rubric for a plain instruction; by programs with core alone, or with a model's questions by a server. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@leeway/contract/client'
import { type RubricDraftView, showRubricDraft, startRubricDraft } from '@leeway/contract/rubric-drafts'
import { writeRubricDraft } from '@leeway/contract/write-rubric-draft'
import type { Command } from 'commander'
import { CommandError, EXIT } from '../../exit-codes.ts'
import { plainText } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findJudge } from '../judge/find-judge.ts'
import { usd } from '../judge/usd.ts'
import { readInstructionFile } from './instruction-file.ts'

type Options = ServerOptions & { readonly name: string; readonly model?: string }

const LOOK_EVERY_MS = 1_000

export function registerRubricDraft(rubric: Command): void {
  withServerOptions(
    rubric
      .command('draft')
      .description(
        'draft a rubric from a plain instruction, with programs for what it unmistakably asks of wording; with --model also questions',
      )
      .argument('<instruction.txt>', 'the instruction in English; - is standard input')
      .option('--name <name>', 'name of the rubric', 'draft')
      .option('--model <judge>', 'a declared model that writes questions; needs a server'),
  ).action(async (path: string, options: Options) => {
    const instruction = await readInstructionFile(path)
    process.stdout.write(
      options.model === undefined
        ? writeRubricDraft({ name: options.name, instruction })
        : await draftedBy(options.model, instruction, options),
    )
  })
}

/** YAML. What the model made up is told beside it: only stdout holds results. */
async function draftedBy(model: string, instruction: string, options: Options): Promise<string> {
  const client = serverClient(options)
  const draft = await withServer(async () => {
    const { id: judge } = await findJudge(client, model)
    const body = { judge, name: options.name, instruction }
    return ended(client, await client.call(startRubricDraft, { body }))
  })
  if (draft.state === 'waiting')
    throw new CommandError(
      `The model is not asked for now. ${draft.why}`,
      'The order stands for a day; the page of the draft shows what came of it.',
      EXIT.partial,
    )
  if (draft.source === null)
    throw new CommandError(`No draft came of it. ${draft.why}`, 'Order another.', EXIT.partial)
  for (const line of notes(draft)) process.stderr.write(`${plainText(line)}\n`)
  return draft.source
}

async function ended(client: Client, started: RubricDraftView): Promise<RubricDraftView> {
  let draft = started
  while (draft.state === 'waiting' && draft.why === null) {
    await wait(LOOK_EVERY_MS)
    draft = await client.call(showRubricDraft, { params: { draft: started.id } })
  }
  return draft
}

function notes({ judgeName, questions, dropped, costUsd, failures }: RubricDraftView): readonly string[] {
  const more = dropped === 0 ? '' : `; ${dropped} more were left out`
  const cost = costUsd === null ? '' : `, for ${usd(costUsd)}`
  return [
    `${judgeName} wrote ${counted(questions.length, 'question')} after ${counted(failures.length, 'likely way')} to fail${more}${cost}. Read them before you save them.`,
    ...questions.flatMap(({ question, invented }) =>
      invented.map((quote) => `Made up, the instruction does not hold it: "${quote}" (${question})`),
    ),
  ]
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
