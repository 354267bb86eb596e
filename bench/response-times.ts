/**
 * Whether somebody who times every response can tell known and planted questions from work.
 *
 *     npm run bench -- bench/response-times.ts [--raters 6] [--turns 140] [--permutations 10000]
 *
 * The real app in a process of its own, the embedded PostgreSQL with fsync on, HTTP over loopback, one request at a time: nobody who
 * listens from afar sees it as clearly. Each rater walks through questions as the page does; half of them are hidden ones, in equal
 * parts known answers and planted copies. What each question was is looked up afterwards.
 *
 * Estimates, for each route, the probability that a response about a hidden question takes longer than one about work (0.5: no
 * difference), among responses to the same rater within the same ten turns, so that a machine that slows down changes nothing.
 * Interval: percentile bootstrap over those groups of ten. p: share of relabellings within the groups that differ from 0.5 at least
 * as much. The last columns show what the same test says when every hidden response is 0.2 ms slower. Whoever looks for the quickest
 * of twelve responses finds one: the least p counts twelve times. Whether the order tells is compared in the same way, by turns.
 */
import { randomUUID } from 'node:crypto'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { FaultsPlanted } from '@leeway/contract/planted-faults'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { shuffled } from '@leeway/core/numeric/shuffled'
import { connect } from '@leeway/server/db/connect'
import { sampleEpisode, sampleStep } from '@leeway/server/episodes/sample-episode'
import { sql } from 'drizzle-orm'
import { type BenchServer, episodeIds, joinAsRater, sendTo, withBenchServer } from './bench-server.ts'
import { nearestRank } from './nearest-rank.ts'

const { values: flags } = parseArgs({
  options: {
    raters: { type: 'string', default: '6' },
    turns: { type: 'string', default: '140' },
    permutations: { type: 'string', default: '10000' },
  },
})
const RATERS = Number(flags.raters)
const TURNS = Number(flags.turns)
const PERMUTATIONS = Number(flags.permutations)
const RESAMPLES = 2_000
const GROUP = 10
const SLOWER_MS = 0.2
const NO_PAIRS = { slower: 0, all: 0 }
const RUBRIC = 'name: bench\nquestion: Is everything the agent says true?\nansweredBy: [human]\n'

type Timed = {
  readonly route: string
  readonly group: string
  readonly assignmentId: string
  readonly turn: number
  readonly ms: number
}
type Group = { readonly values: readonly number[]; readonly hidden: readonly boolean[] }

await withBenchServer({ vetting: true }, async (server, databaseUrl) => {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}; load before ${loadavg()[0]?.toFixed(1)}`,
  )
  await fill(server)
  const db = connect(databaseUrl, { connectionsMax: 1 })
  await db.execute(sql`analyze`)
  const times: Timed[] = []
  for (let rater = 0; rater < RATERS; rater++)
    times.push(...(await walk(server, await joinAsRater(server, `r${rater}@example.org`), `r${rater}`)))
  const drawn = await db.execute<{ id: string }>(sql`select id from vetting_draws`)
  await db.$client.end()
  const hidden = new Set(drawn.rows.map(({ id }) => id))
  console.log(`load after ${loadavg()[0]?.toFixed(1)}`)
  print(times, hidden)
})

async function fill(server: BenchServer): Promise<void> {
  const known = 2 * TURNS
  for (const [policy, many] of [
    ['known', known],
    ['work', RATERS * TURNS],
    ['spare', TURNS],
  ] as const)
    await sendTo(server, `/episodes/import?agent=bench&policy=${policy}`, {
      body: Array.from({ length: many }, (_, index) =>
        episodeLine(
          sampleEpisode(index, {
            instructions: `${policy} ${index}`,
            steps: [
              ...Array.from({ length: 8 }, (__, ordinal) => sampleStep(ordinal)),
              sampleStep(8, {
                content: `Order ${index} has left us, and everything in it is as you wished.`,
              }),
            ],
          }),
        ),
      ).join('\n'),
    })
  const { id: rubric } = JSON.parse(
    await sendTo(server, '/rubrics', { json: { agent: 'bench', source: RUBRIC } }),
  )
  const { criterion } = JSON.parse(await sendTo(server, `/rubrics/${rubric}`)).nodes[0]
  // Each rater finds the whole queue open.
  await sendTo(server, '/review/questions', {
    json: { rubric, episodes: await episodeIds(server, 'work'), answersWanted: 20 },
  })
  for (const [at, episode] of (await episodeIds(server, 'known')).entries())
    await sendTo(server, '/gold', {
      json: { episode, criterionSha256: criterion.sha256, value: at % 8 === 0 ? 'no' : 'yes' },
    })
  const { planted } = FaultsPlanted.parse(
    JSON.parse(
      await sendTo(server, '/planted-faults', {
        json: {
          rubric,
          criterion: criterion.id,
          operator: 'invent-fact',
          value: 'no',
          episodes: await episodeIds(server, 'spare'),
        },
      }),
    ),
  )
  for (const { id } of planted)
    await sendTo(server, `/planted-faults/${id}/review`, { json: { accepted: true, reason: 'seen' } })
  await sendTo(server, '/vetting', {
    json: { hiddenShare: 0.5, roundQuestions: 0, exposuresMax: 1_000, bar: 0.5, floor: 0.1 },
  })
}

async function walk(server: BenchServer, cookie: string, name: string): Promise<readonly Timed[]> {
  await sendTo(server, '/inbox', { cookie })
  // Until the first hidden ones are drawn.
  await new Promise((done) => setTimeout(done, 3_000))
  const times: Timed[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const took: { readonly route: string; readonly ms: number }[] = []
    const timed = async (route: string, path: string, json?: object) => {
      const before = performance.now()
      const text = await sendTo(server, path, { cookie, ...(json === undefined ? {} : { json }) })
      took.push({ route, ms: performance.now() - before })
      return text
    }
    // Who asks knows in which mode, and one takes longer than the other: they are compared apart.
    const mode = turn % 2 === 0 ? 'focus' : 'sheet'
    const { question } = NextQuestion.parse(
      JSON.parse(await timed(`next, ${mode}`, '/review/next', { mode })),
    )
    if (question === null) throw new Error('the queue is empty: give fewer --turns')
    const { assignmentId, episodeId } = question
    const says = (value: string) => ({
      commitKey: randomUUID(),
      answer: { kind: 'answered', value },
      startedAt: new Date().toISOString(),
      showsCritique: true,
      showsParts: true,
    })
    await timed('question', `/review/${assignmentId}`)
    await timed('sheet', `/review/sheet/${episodeId}`)
    await timed('episode', `/episodes/${episodeId}`)
    await timed('steps', `/episodes/${episodeId}/steps`)
    await timed('whole steps', `/episodes/${episodeId}/steps/bodies?from=0&count=50`)
    await timed('answer', `/review/${assignmentId}/answer`, says('yes'))
    await timed('undo', '/review/undo', { commitKey: randomUUID() })
    await timed('next, after undo', '/review/next', { mode: 'focus' })
    await timed('answer, after undo', `/review/${assignmentId}/answer`, says('no'))
    await timed('inbox', '/inbox')
    const group = `${name} ${Math.floor(turn / GROUP)}`
    times.push(...took.map((one) => ({ ...one, group, assignmentId, turn })))
  }
  return times
}

function print(times: readonly Timed[], hidden: ReadonlySet<string>): void {
  const random = seededRandom(7)
  console.log(
    `| response | hidden | work | median ms | median ms of work | hidden is slower | p | with ${SLOWER_MS} ms more | p |`,
  )
  console.log('|---|---|---|---|---|---|---|---|---|')
  const routes = [...new Set(times.map((one) => one.route))]
  const all = routes.map((route) => {
    const own = times.filter((one) => one.route === route)
    const [found, slowed] = [0, SLOWER_MS].map((more) =>
      compare(
        groupsOf(own, hidden, ({ ms }, isHidden) => ms + (isHidden ? more : 0)),
        random,
      ),
    )
    const median = (wanted: boolean) =>
      nearestRank(
        own.filter(({ assignmentId }) => hidden.has(assignmentId) === wanted).map(({ ms }) => ms),
        0.5,
      ).toFixed(2)
    const count = (wanted: boolean) =>
      own.filter(({ assignmentId }) => hidden.has(assignmentId) === wanted).length
    console.log(
      `| ${route} | ${count(true)} | ${count(false)} | ${median(true)} | ${median(false)} | ${words(found)} | ${words(slowed)} |`,
    )
    return found
  })
  const known = all.filter((found) => found !== undefined)
  const least = Math.min(...known.map(({ p }) => p))
  console.log(
    `\nLeast p of ${known.length} responses: ${least.toFixed(4)}, times ${known.length}: ${Math.min(1, least * known.length).toFixed(3)}. ` +
      `No interval ends further from 0.5 than ${Math.max(...known.map(({ low, high }) => Math.max(0.5 - low, high - 0.5))).toFixed(3)}.`,
  )
  const whole = times.filter((one) => one.route === 'question')
  console.log(
    `Hidden comes later within ten turns: ${words(
      compare(
        groupsOf(whole, hidden, ({ turn }) => turn),
        random,
      ),
    ).replace(' | ', ', p ')}`,
  )
}

type Compared = { readonly slower: number; readonly low: number; readonly high: number; readonly p: number }

function words(found: Compared | undefined): string {
  if (found === undefined) return 'not known |'
  const { slower, low, high, p } = found
  return `${slower.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}) | ${p.toFixed(4)}`
}

function groupsOf(
  own: readonly Timed[],
  hidden: ReadonlySet<string>,
  read: (one: Timed, isHidden: boolean) => number,
): readonly Group[] {
  const groups = new Map<string, Timed[]>()
  for (const one of own) groups.set(one.group, [...(groups.get(one.group) ?? []), one])
  return [...groups.values()].map((all) => {
    const labels = all.map(({ assignmentId }) => hidden.has(assignmentId))
    return { values: all.map((one, at) => read(one, labels[at] ?? false)), hidden: labels }
  })
}

/** Undefined where no group holds both kinds. */
function compare(groups: readonly Group[], random: () => number): Compared | undefined {
  const counts = groups.map(({ values, hidden }) => pairs(values, hidden))
  const slower = shareOf(counts)
  if (slower === null) return undefined
  const resampled = Array.from(
    { length: RESAMPLES },
    () => shareOf(counts.map(() => counts[Math.floor(random() * counts.length)] ?? NO_PAIRS)) ?? 0.5,
  )
  let asFar = 0
  for (let time = 0; time < PERMUTATIONS; time++) {
    const share = shareOf(groups.map(({ values, hidden }) => pairs(values, shuffled(hidden, random)))) ?? 0.5
    if (Math.abs(share - 0.5) >= Math.abs(slower - 0.5) - 1e-12) asFar += 1
  }
  return {
    slower,
    low: nearestRank(resampled, 0.025),
    high: nearestRank(resampled, 0.975),
    p: (asFar + 1) / (PERMUTATIONS + 1),
  }
}

type Pairs = { readonly slower: number; readonly all: number }

/** Of one hidden response and one to work: in how many the hidden one's value is larger; equal ones count half. */
function pairs(values: readonly number[], hidden: readonly boolean[]): Pairs {
  let [slower, all] = [0, 0]
  for (let one = 0; one < values.length; one++)
    for (let other = 0; other < values.length; other++) {
      if (hidden[one] !== true || hidden[other] !== false) continue
      all += 1
      const gap = (values[one] ?? 0) - (values[other] ?? 0)
      slower += gap > 0 ? 1 : gap === 0 ? 0.5 : 0
    }
  return { slower, all }
}

function shareOf(counts: readonly Pairs[]): number | null {
  const all = counts.reduce((sum, one) => sum + one.all, 0)
  return all === 0 ? null : counts.reduce((sum, one) => sum + one.slower, 0) / all
}
