/** Claims on the shipped retail rubric: its programs answer on every episode, and predict the reward this well. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Claims } from './claim.ts'
import type { DataFile } from './data-files.ts'
import { type LocalServer, leeway } from './leeway-command.ts'

const RUBRIC = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'rubrics', 'tau-bench-retail.yaml')
const AGENT = 'realdata-rubric'

type Row = {
  readonly reward: number
  readonly traj: readonly {
    readonly tool_calls?: readonly { readonly function: { readonly name: string } }[] | null
  }[]
}
type Prediction = {
  readonly id: string
  readonly by: string
  readonly episodes: number
  readonly auroc: number | null
  readonly low: number | null
  readonly high: number | null
}

export async function checkRubric(
  files: readonly DataFile[],
  claims: Claims,
  server: LocalServer,
): Promise<void> {
  const run = (args: readonly string[]) => leeway([...args, '--json'], server.environment)
  const rows = files.flatMap(({ json }) => json as readonly Row[])
  for (const file of files)
    await run(['episode', 'import', file.path, '--agent', AGENT, '--policy', file.name])
  const applied = (await run(['rubric', 'apply', RUBRIC, '--agent', AGENT])).json as {
    readonly predictions?: readonly Prediction[]
  } | null
  const predictions = applied?.predictions ?? []
  const together = predictions.find(({ id, by }) => id === '' && by === 'programs')
  claims.hold(
    together?.episodes === rows.length,
    'retail rubric: its programs answer on every episode',
    `${together?.episodes ?? 0} of ${rows.length}`,
  )
  for (const one of predictions)
    claims.hold(
      one.auroc !== null &&
        one.low !== null &&
        one.high !== null &&
        one.low <= one.auroc &&
        one.auroc <= one.high,
      `retail rubric: AUROC of ${one.id === '' ? 'all programs together' : one.id} against the reward`,
      `${one.auroc?.toFixed(3)} (${one.low?.toFixed(3)} to ${one.high?.toFixed(3)}), ${one.episodes} episodes`,
    )
  claims.hold(
    (together?.low ?? 0) > 0.5,
    'retail rubric: the programs together predict the reward better than chance',
    `lower end ${together?.low?.toFixed(3)}`,
  )
  const transferred = predictions.find(({ id }) => id === 'not-transferred')
  const expected = twoByTwo(rows, (row) => !calls(row).includes('transfer_to_human_agents'))
  claims.hold(
    Math.abs((transferred?.auroc ?? 0) - expected) < 1e-9,
    'retail rubric: AUROC of not-transferred as an independent reader finds it',
    expected.toFixed(4),
  )
  const [baseline, candidate] = files
  if (!baseline || !candidate) return
  const release = (
    await run(
      `release start --agent ${AGENT} --baseline ${baseline.name} --candidate ${candidate.name} --rubric`
        .split(' ')
        .concat('tau-bench retail', '--audit-share', '0.5', '--label-error', 'shared'),
    )
  ).json as {
    readonly truth?: string
    readonly state?: string
    readonly toGo?: { readonly open: number }
  } | null
  claims.hold(
    release?.state === 'climbing' && (release.toGo?.open ?? 0) > 0,
    "a release whose truth is the rubric's root asks people",
    `${release?.toGo?.open ?? 0} questions wait; ${release?.truth ?? 'no release'}`,
  )
}

const calls = (row: Row) =>
  row.traj.flatMap(({ tool_calls }) => (tool_calls ?? []).map((call) => call.function.name))

/** AUROC of a yes/no score: the mean of sensitivity and specificity. */
function twoByTwo(rows: readonly Row[], good: (row: Row) => boolean): number {
  const share = (among: readonly Row[]) => among.filter(good).length / among.length
  return (
    (share(rows.filter(({ reward }) => reward === 1)) +
      1 -
      share(rows.filter(({ reward }) => reward !== 1))) /
    2
  )
}
