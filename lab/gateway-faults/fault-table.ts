/** The study as it is published. */
import { BROKEN, brokenCopy } from './broken-copies.ts'
import type { Way } from './database-between.ts'
import { type Break, type FaultRun, runFaults } from './run-faults.ts'
import { type Halt, runHalts } from './run-halts.ts'

/** In the long run a replica is without its database for longer than a bundle holds, every now and then. */
const BREAKS: readonly Break[] = [
  'power',
  'cut',
  'ahead',
  'silent',
  'power',
  'deaf',
  'back',
  'both',
  'power',
  'cut',
  'ahead',
  'silent',
  'power',
  'long',
]

const WORDS: Readonly<Record<Break, string>> = {
  power: 'replica killed (`kill -9`), what was not synced taken from its disk',
  cut: 'connections of a replica to the database ended and refused',
  silent: 'nothing passes between a replica and the database',
  deaf: 'a replica hears no notices',
  long: 'a replica without its database for 20 s',
  ahead: 'clock of a replica two days ahead: contracts have run out',
  back: 'clock of a replica an hour back',
  both: 'both replicas without their database',
}

type Print = (line: string) => void

export async function faultTable(calls: number, print: Print): Promise<string> {
  const run = await runFaults({ seed: 2, calls, breaks: BREAKS, print })
  const people = Object.entries(run.people)
  return [
    '| calls proposed | released | answers | with an end | minutes | denied calls released | unapproved calls released | ends without a record | approvals used twice |',
    '|---|---|---|---|---|---|---|---|---|',
    `| ${[run.calls, run.callsReleased, run.answers, run.finished, (run.seconds / 60).toFixed(1), ...found(run)].join(' | ')} |`,
    '',
    '| what broke | times |',
    '|---|---|',
    ...Object.entries(run.broken).map(([kind, times]) => `| ${WORDS[kind as Break]} | ${times} |`),
    '',
    `Of the models' answers 6 % broke off or failed. Held calls: ${people.map(([what, count]) => `${count} ${what}`).join(', ')}.`,
  ].join('\n')
}

/** Each broken copy, until `calls` were proposed. */
export async function brokenTable(calls: number, print: Print): Promise<string> {
  const rows: string[] = []
  for (const broken of BROKEN) {
    const { root, remove } = brokenCopy(broken)
    try {
      print(`broken: ${broken.words}`)
      const run = await runFaults({
        seed: 3,
        calls,
        breaks: broken.breaks,
        careful: 0.5,
        sources: root,
        settings: broken.settings,
        print,
      })
      rows.push(
        `| ${[broken.words, run.calls, ...found(run)].join(' | ')} | ${run[broken.foundAs].length > 0 ? 'yes' : 'NO'} |`,
      )
    } finally {
      remove()
    }
  }
  return [
    '| broken on purpose | calls proposed | denied calls released | unapproved calls released | ends without a record | approvals used twice | found |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

const WAYS: readonly (readonly [Way, string])[] = [
  ['open', 'both replicas reach the database and hear it'],
  ['deaf', 'one hears no notices, and only reads every half second'],
  ['cut', 'one is cut off from the database'],
  ['silent', 'one is cut off, and nobody tells it so'],
]

/** `each`: halts by way. */
export async function haltTable(each: Readonly<Record<Way, number>>, print: Print): Promise<string> {
  const ways = WAYS.flatMap(([way]) => Array.from({ length: each[way] }, () => way))
  const halts = await runHalts({ seed: 4, ways, print })
  const rows = WAYS.flatMap(([way, words]) => {
    const own = halts.filter((halt) => halt.way === way)
    return own.length === 0 ? [] : [haltRow(words, own)]
  })
  return [
    '| while | halts | candidate actions in the second before, mean | the halt says it held everywhere after, median and most | replicas that had not heard, most | last candidate action, median and latest | halts with an action later than 1 s |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function haltRow(words: string, halts: readonly Halt[]): string {
  const told = halts.flatMap(({ tookMs }) => tookMs ?? [])
  const last = halts.map(({ lastMs }) => lastMs)
  const mean = halts.reduce((sum, { before }) => sum + before, 0) / halts.length
  return `| ${[
    words,
    halts.length,
    mean.toFixed(0),
    told.length === 0 ? 'never' : `${median(told)} and ${Math.max(...told)} ms`,
    Math.max(...halts.map(({ missing }) => missing)),
    `${median(last)} and ${Math.max(...last)} ms`,
    last.filter((ms) => ms > 1_000).length,
  ].join(' | ')} |`
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]

const found = ({ denied, unapproved, unrecorded, usedTwice }: FaultRun) => [
  denied.length,
  unapproved.length,
  unrecorded.length,
  usedTwice.length,
]
