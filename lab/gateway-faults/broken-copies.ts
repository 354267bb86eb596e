/** Copies of the sources in which one rule of the gateway is broken on purpose: the study must say so of each. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Faults } from './find-faults.ts'
import type { Break } from './run-faults.ts'

export type Broken = {
  /** What is wrong in it, in words. */
  readonly words: string
  readonly file: string
  readonly before: string
  readonly after: string
  /** Where the study must find it. */
  readonly foundAs: keyof Faults
  readonly breaks: readonly Break[]
  /** Of the replicas' environment. */
  readonly settings?: Readonly<Record<string, string>>
}

const SOURCES = fileURLToPath(new URL('../..', import.meta.url))
const GATEWAY = 'packages/server/src/gateway'

export const BROKEN: readonly Broken[] = [
  {
    words: 'the answer ends before its record is on disk (which takes 50 ms for it)',
    file: `${GATEWAY}/serve-turn.ts`,
    before: 'await parts.record(entry)',
    after: 'void parts.record(entry).catch(() => {})',
    foundAs: 'unrecorded',
    breaks: ['power'],
    settings: { LEEWAY_LAB_SYNC_MS: '50' },
  },
  {
    words: 'records are acknowledged when the kernel has them, without fdatasync',
    file: `${GATEWAY}/spool.ts`,
    before: 'durable ? sync : null',
    after: 'null',
    foundAs: 'unrecorded',
    breaks: ['power'],
  },
  {
    words: 'a batch counts as shipped before the database has it',
    file: `${GATEWAY}/ship-spool.ts`,
    before: 'await store(effects, batch.records, options)\n        spool.shipped(batch)',
    after: 'spool.shipped(batch)\n        await store(effects, batch.records, options)',
    foundAs: 'unrecorded',
    breaks: ['cut', 'silent'],
  },
  {
    words: 'arguments are not held against their schema',
    file: 'packages/core/src/autonomy/decide-calls.ts',
    before: 'if (terms.arguments !== undefined && ',
    after: 'if (terms.arguments === null && ',
    foundAs: 'denied',
    breaks: ['deaf'],
  },
  {
    words: 'calls are decided one by one: those beside a denied one are released',
    file: 'packages/core/src/autonomy/decide-calls.ts',
    before: "if (some('deny')) return",
    after: "if (calls.every((call) => call.outcome === 'deny')) return",
    foundAs: 'denied',
    breaks: ['deaf'],
  },
  {
    words: 'a contract that has run out goes on',
    file: 'packages/core/src/autonomy/decide-calls.ts',
    before: 'at.now.getTime() >= Date.parse(contract.expiresAt)',
    after: 'false',
    foundAs: 'unapproved',
    breaks: ['ahead'],
  },
  {
    words: 'a replica that has lost its database goes on as before',
    file: `${GATEWAY}/enforced.ts`,
    before: 'performance.now() > bundle.validUntilMs',
    after: 'false',
    foundAs: 'denied',
    breaks: ['long'],
  },
  {
    words: 'nobody looks at the signature of an approval',
    file: 'packages/server/src/holds/ask-people.ts',
    before: 'if (publicKey === null || !answerIsSigned(',
    after: 'if (publicKey === null && !answerIsSigned(',
    foundAs: 'unapproved',
    breaks: ['deaf'],
  },
  {
    words: 'an approval is bound to its calls, but not to the turn, the conversation and the hour',
    file: 'packages/server/src/holds/binding.ts',
    before: 'expiresAt: expiresAt.toISOString(),',
    after: '...Object.fromEntries(Object.keys(bound).map((name) => [name, null])),\n      expiresAt: null,',
    foundAs: 'usedTwice',
    breaks: ['deaf'],
  },
  {
    words: 'what nobody decided about is carried out',
    file: `${GATEWAY}/serve-turn.ts`,
    before: "hold?.kind === 'approved' || hold?.kind === 'edited'",
    after: "hold?.kind === 'approved' || hold?.kind === 'edited' || hold?.kind === 'unanswered'",
    foundAs: 'unapproved',
    breaks: ['deaf'],
  },
]

/** The root of a copy with one thing broken. Throws when there is nothing to break where it should be. */
export function brokenCopy(broken: Broken): { readonly root: string; readonly remove: () => void } {
  const text = brokenSource(broken)
  const root = mkdtempSync(join(tmpdir(), 'leeway-broken-'))
  const packages = ['cli', 'contract', 'core', 'server']
  for (const name of ['package.json', 'tsconfig.base.json']) cpSync(join(SOURCES, name), join(root, name))
  for (const name of packages) {
    const folder = join('packages', name)
    cpSync(join(SOURCES, folder), join(root, folder), {
      recursive: true,
      filter: (path) => !/\/(?:dist|node_modules)$/.test(path),
    })
    // What a package has for itself alone.
    const own = join(SOURCES, folder, 'node_modules')
    if (readdirSync(join(SOURCES, folder)).includes('node_modules'))
      symlinkSync(own, join(root, folder, 'node_modules'))
  }
  // Ours from the copy, all else from where it is installed.
  const modules = join(root, 'node_modules')
  mkdirSync(join(modules, '@leeway'), { recursive: true })
  for (const name of packages) symlinkSync(join(root, 'packages', name), join(modules, '@leeway', name))
  for (const name of readdirSync(join(SOURCES, 'node_modules')))
    if (name !== '@leeway') symlinkSync(join(SOURCES, 'node_modules', name), join(modules, name))
  writeFileSync(join(root, broken.file), text)
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** The broken file. Throws, and names what cannot be broken any more, unless there is exactly one place for it. */
export function brokenSource({ words, file, before, after }: Broken): string {
  const text = readFileSync(join(SOURCES, file), 'utf8')
  const places = text.split(before).length - 1
  if (places !== 1)
    throw new Error(
      `"${words}" cannot be broken: ${file} has ${places} places in place of one that read: ${before}`,
    )
  return text.replace(before, () => after)
}
