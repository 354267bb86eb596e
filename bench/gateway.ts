/**
 * What the gateway adds to a call: beside a raw pass-through as the limit, and another gateway as the peer, before the same
 * upstream, in turns.
 *
 *     npm run bench -- bench/gateway.ts [--rounds 3] [--seconds 4] [--without-peer]
 *
 * Everything on the cores of this machine, load by `wrk` (apt-get install wrk). The upstream answers with a text and a call
 * that the contract allows, so that the gateway decides about each. Leeway runs as it is built, with keys, contract and durable
 * records switched on, and once more without waiting for the disk. The peer is installed into a folder that goes away.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@leeway/server/launch/embedded-postgres'
import { Agent, request } from 'undici'
import { v7 } from 'uuid'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    'without-peer': { type: 'boolean', default: false },
  },
})
const PEER = '@portkey-ai/gateway@1.15.2'
const PEER_PORT = 8_787
/** Sources are compiled while they are loaded, for being told apart in stacks, which takes time in every call. */
const SOURCES = '--conditions=@leeway/source'
/** Until what is compiled while it runs is compiled: in the first seconds each place serves a fifth less. */
const WARM_SECONDS = 5
const FSYNCS = 300
const STREAMS = 300

type Place = {
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly process: ChildProcess | null
}

async function measure(): Promise<void> {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const folder = mkdtempSync(join(tmpdir(), 'leeway-bench-gateway-'))
  const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), password: 'bench' })
  const places: Place[] = []
  try {
    console.log(
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`,
    )
    const direct = await start('upstream', 'direct', [])
    places.push(direct)
    places.push(await start('raw', 'raw pass-through', ['--upstream', direct.url]))
    const own = ['--upstream', direct.url, '--database', postgres.url]
    places.push(await start('leeway', 'Leeway', [...own, '--folder', join(folder, 'spool')]))
    places.push(
      await start('leeway-memory', 'Leeway, not waiting for the disk', [
        ...own,
        '--folder',
        join(folder, 'spool-2'),
      ]),
    )
    places.push(await start('leeway-two', 'Leeway, two processes', [...own, '--folder', join(folder, 'two')]))
    if (!flags['without-peer']) places.push(await startPeer(join(folder, 'peer'), direct.url))
    console.log(`one fdatasync of 1 kB: median ${median(fsyncs(folder)).toFixed(3)} ms`)
    const rows = new Map(
      places.map(({ name }) => [name, { p50: [] as number[], rps: [] as number[], first: [] as number[] }]),
    )
    for (const place of places) await load(place, 16, WARM_SECONDS, folder)
    for (let round = 0; round < Number(flags.rounds); round++)
      for (const place of places) {
        const row = rows.get(place.name)
        row?.p50.push((await load(place, 1, Number(flags.seconds), folder)).p50)
        row?.rps.push((await load(place, 16, Number(flags.seconds), folder)).rps)
        row?.first.push(await firstToken(place))
      }
    print(rows)
  } finally {
    for (const { process: child } of places) child?.kill()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function print(rows: ReadonlyMap<string, { p50: number[]; rps: number[]; first: number[] }>): void {
  const of = (name: string) => rows.get(name)
  const [direct, peer] = [of('direct'), [...rows.keys()].find((name) => name.startsWith('@'))]
  const added = (name: string, what: 'p50' | 'first') =>
    median(of(name)?.[what] ?? []) - median(direct?.[what] ?? [])
  console.log(
    '| place | p50 of one caller, ms (added) | requests/s of 16 callers | first token p50, ms (added) |',
  )
  console.log('|---|---|---|---|')
  for (const [name, { p50, rps, first }] of rows)
    console.log(
      `| ${name} | ${median(p50).toFixed(3)} (${added(name, 'p50').toFixed(3)}) | ${Math.round(median(rps))} (${rps.map(Math.round).join(', ')}) | ${Number.isNaN(median(first)) ? 'none' : `${median(first).toFixed(3)} (${added(name, 'first').toFixed(3)})`} |`,
    )
  console.log(
    `Leeway against the raw pass-through: ${(added('Leeway', 'p50') / added('raw pass-through', 'p50')).toFixed(2)} times what it adds`,
  )
  if (peer === undefined) return
  console.log(
    `Leeway against ${peer}: ${(added('Leeway', 'p50') / added(peer, 'p50')).toFixed(2)} times what it adds; ${(median(of('Leeway')?.rps ?? []) / median(of(peer)?.rps ?? [])).toFixed(1)} times its requests a second`,
  )
}

const BODY = JSON.stringify({
  model: 'desk',
  messages: [
    { role: 'system', content: 'You help customers of a shop. Look an order up before you speak of it.' },
    { role: 'user', content: 'Where is my order 1234?' },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'find_order',
        parameters: { type: 'object', properties: { id: { type: 'string' } } },
      },
    },
  ],
})

/** wrk writes its figures where its script says. */
async function load(place: Place, connections: number, seconds: number, folder: string) {
  const script = join(folder, `${v7()}.lua`)
  const headers = Object.entries({ 'content-type': 'application/json', ...place.headers })
  writeFileSync(
    script,
    `wrk.method = "POST"
wrk.body = [==[${BODY}]==]
${headers.map(([name, value]) => `wrk.headers["${name}"] = "${value}"`).join('\n')}
done = function(summary, latency, requests)
  io.write(string.format("FIGURES %d %d %d %d\\n", latency:percentile(50), summary.requests, summary.duration, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
`,
  )
  const out = execFileSync(
    'wrk',
    ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, `${place.url}/v1/chat/completions`],
    { encoding: 'utf8' },
  )
  const [p50 = 0, requests = 0, duration = 1, errors = 0] = (/FIGURES (.+)/.exec(out)?.[1] ?? '')
    .split(' ')
    .map(Number)
  if (errors > 0 || requests === 0)
    throw new Error(`${place.name}: ${errors} of ${requests} requests failed\n${out}`)
  await pause(200)
  return { p50: p50 / 1_000, rps: requests / (duration / 1_000_000) }
}

/** Median time from the request to the first word, in milliseconds; NaN where a place does not stream. */
async function firstToken(place: Place): Promise<number> {
  const dispatcher = new Agent({ connections: 1 })
  const times: number[] = []
  const body = JSON.stringify({ ...JSON.parse(BODY), stream: true })
  try {
    for (let at = 0; at < STREAMS; at++) {
      const startedMs = performance.now()
      const answer = await request(`${place.url}/v1/chat/completions`, {
        dispatcher,
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...place.headers },
      })
      if (answer.statusCode !== 200) {
        await answer.body.dump()
        return Number.NaN
      }
      let seen = false
      for await (const piece of answer.body) {
        if (seen || !String(piece).includes('"content":"It')) continue
        seen = true
        times.push(performance.now() - startedMs)
      }
    }
  } finally {
    await dispatcher.close()
  }
  return median(times)
}

function fsyncs(folder: string): number[] {
  const file = openSync(join(folder, 'fsync'), 'w')
  const bytes = randomBytes(1_000)
  const times = Array.from({ length: FSYNCS }, (_, at) => {
    writeSync(file, bytes, 0, bytes.length, at * bytes.length)
    const startedMs = performance.now()
    fdatasyncSync(file)
    return performance.now() - startedMs
  })
  closeSync(file)
  return times
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length === 0 ? Number.NaN : (sorted[sorted.length >> 1] as number)
}

async function start(place: string, name: string, args: readonly string[]): Promise<Place> {
  const own = spawn(
    process.execPath,
    [
      ...process.execArgv.filter((arg) => arg !== SOURCES),
      fileURLToPath(new URL('gateway-places.ts', import.meta.url)),
      '--place',
      place,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(createInterface(own.stdout), 'line')) as [string]
  const [url = '', key] = line.split(' ')
  return { name, url, headers: key === undefined ? {} : { authorization: `Bearer ${key}` }, process: own }
}

async function startPeer(folder: string, upstreamUrl: string): Promise<Place> {
  execFileSync('npm', ['install', '--silent', '--prefix', folder, PEER], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const own = spawn(
    process.execPath,
    [
      join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js'),
      `--port=${PEER_PORT}`,
      '--headless',
    ],
    {
      stdio: 'ignore',
      env: { ...process.env, TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    },
  )
  const url = `http://127.0.0.1:${PEER_PORT}`
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break
    await pause(100)
  }
  return {
    name: PEER,
    url,
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstreamUrl}/v1`,
      authorization: 'Bearer x',
    },
    process: own,
  }
}

await measure()
