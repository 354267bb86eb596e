/** The study as it is published. */
import { BROKEN, brokenCopy } from './broken-copies.ts'
import { type Break, type FaultRun, runFaults } from './run-faults.ts'

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

/** Each broken copy, until the study has said so or `calls` were proposed. */
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

const found = ({ denied, unapproved, unrecorded, usedTwice }: FaultRun) => [
  denied.length,
  unapproved.length,
  unrecorded.length,
  usedTwice.length,
]
