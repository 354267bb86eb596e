/** Claims on Inspect logs: every sample becomes an episode, with the calls and outcomes a second reading finds. */
import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { readEpisodes } from '@leeway/server/episodes/read/read-episodes'
import type { Claims } from './claim.ts'
import type { DataFile } from './data-files.ts'

type Message = { readonly role: string; readonly tool_calls?: readonly unknown[] | null }
type Sample = {
  readonly id: number | string
  readonly epoch: number
  readonly messages: readonly Message[]
  readonly scores?: Readonly<Record<string, { readonly value: unknown }>> | null
}

/** `unzip` and JSON.parse read the same files without any of our code. */
export async function checkInspect(files: readonly DataFile[], claims: Claims): Promise<void> {
  for (const file of files) {
    const samples = secondReading(file)
    const seen = new Map<
      string,
      { readonly calls: number; readonly success: number | null; readonly said: number }
    >()
    const refused: string[] = []
    let missing = 0
    for await (const read of readEpisodes(createReadStream(file.path), { name: file.name })) {
      if (read.kind === 'problem') {
        refused.push(read.reason)
        continue
      }
      const { steps, taskKey, trial, outcome } = read.episode
      const count = (kind: string) => steps.filter((step) => step.kind === kind).length
      missing += steps.filter(({ name }) => name === 'missing references').length
      seen.set(`${taskKey?.slice(taskKey.lastIndexOf('/') + 1)}/${trial}`, {
        calls: count('tool_call'),
        said: count('tool_result'),
        success: outcome.success,
      })
    }
    claims.hold(
      refused.length === 0 && missing === 0 && seen.size === samples.length,
      `${file.name}: every sample is an episode, no reference missing`,
      `${seen.size} of ${samples.length}`,
    )
    const agree = samples.filter((sample) => {
      const found = seen.get(`${sample.id}/${sample.epoch}`)
      const calls = sample.messages.reduce((sum, { tool_calls }) => sum + (tool_calls?.length ?? 0), 0)
      const results = sample.messages.filter(({ role }) => role === 'tool').length
      return found?.calls === calls && found.said === results && found.success === expected(sample)
    })
    claims.hold(
      agree.length === samples.length,
      `${file.name}: calls, results and outcomes as a second reading finds them`,
      `${agree.length} of ${samples.length} samples`,
    )
  }
}

function secondReading(file: DataFile): readonly Sample[] {
  if (file.json !== null) return (file.json as { readonly samples: readonly Sample[] }).samples
  const names = execFileSync('unzip', ['-Z1', file.path], { encoding: 'utf8' }).split('\n')
  return names
    .filter((name) => name.startsWith('samples/'))
    .map((name) => JSON.parse(execFileSync('unzip', ['-p', file.path, name], { encoding: 'utf8' })) as Sample)
}

/** The files here have one scorer at most: a letter, a number, or a model's grade. */
function expected({ scores }: Sample): number | null {
  const [entry] = Object.entries(scores ?? {})
  if (entry === undefined || entry[0].startsWith('model_graded')) return null
  const { value } = entry[1]
  return value === 'C' ? 1 : value === 'I' ? 0 : (value as number)
}
