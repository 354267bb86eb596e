/**
 * One server per data directory: a file that names the process and, once it listens, its address.
 *
 * Knows the file `server.json`. Knows nothing of what the server does.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LaunchError } from './launch-error.ts'
import { isAlive } from './postmaster-file.ts'

export type ServerLock = {
  /** Says where we listen; others print it. */
  readonly publish: (address: string) => void
  readonly release: () => void
}

type Holder = {
  readonly pid: number
  /** Start time of the process in kernel ticks, because ids are used again; null where the system has no /proc. */
  readonly startTicks: string | null
  readonly address: string | null
}

export type LockOutcome =
  | { readonly kind: 'ours'; readonly lock: ServerLock }
  | { readonly kind: 'running'; readonly address: string; readonly pid: number }

/** The first one may still be installing its database. */
const ADDRESS_DEADLINE_MS = 60_000
const POLL_MS = 50

/** Takes the data directory, or answers who has it. A holder that was killed is replaced. */
export async function lockDataDirectory(path: string): Promise<LockOutcome> {
  const file = join(path, 'server.json')
  const deadline = Date.now() + ADDRESS_DEADLINE_MS
  for (;;) {
    const holder = readHolder(file)
    if (holder === undefined) {
      if (claim(file)) return { kind: 'ours', lock: lockOn(file) }
    } else if (!isHolderAlive(holder)) {
      removeStale(file, holder)
    } else if (holder.address !== null) {
      return { kind: 'running', address: holder.address, pid: holder.pid }
    } else if (Date.now() > deadline) {
      throw new LaunchError(
        `Another Leeway (process ${holder.pid}) has held ${path} for over ${ADDRESS_DEADLINE_MS / 1000} s without listening. Stop it, or choose another --data-dir.`,
      )
    }
    await pause(POLL_MS)
  }
}

/** The server that now runs on this data directory, if any. */
export function findRunningServer(
  path: string,
): { readonly pid: number; readonly address: string } | undefined {
  const holder = readHolder(join(path, 'server.json'))
  if (holder === undefined || holder.address === null || !isHolderAlive(holder)) return undefined
  return { pid: holder.pid, address: holder.address }
}

/** A link is made whole or not at all, and fails when the file is there. */
function claim(file: string): boolean {
  const own = `${file}.${process.pid}`
  writeFileSync(own, holderText(null), { mode: 0o600 })
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own, { force: true })
  }
}

/** Moves the file away; gives it back when somebody else had replaced it in between. */
function removeStale(file: string, stale: Holder): void {
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = readHolder(aside)
  const same = moved === undefined || (moved.pid === stale.pid && moved.startTicks === stale.startTicks)
  if (!same) {
    try {
      linkSync(aside, file)
    } catch {
      // A third one claimed it; it will find out that the address is taken.
    }
  }
  rmSync(aside, { force: true })
}

function lockOn(file: string): ServerLock {
  return {
    publish: (address) => {
      const own = `${file}.${process.pid}`
      writeFileSync(own, holderText(address), { mode: 0o600 })
      renameSync(own, file)
    },
    release: () => {
      if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true })
    },
  }
}

function holderText(address: string | null): string {
  const holder: Holder = { pid: process.pid, startTicks: startTicksOf(process.pid), address }
  return `${JSON.stringify(holder)}\n`
}

function readHolder(file: string): Holder | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>
    return { pid: Number(found.pid), startTicks: found.startTicks ?? null, address: found.address ?? null }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    // A file nobody of ours wrote holds nothing.
    return { pid: -1, startTicks: null, address: null }
  }
}

function isHolderAlive({ pid, startTicks }: Holder): boolean {
  if (!(pid > 0) || !isAlive(pid)) return false
  const now = startTicksOf(pid)
  return startTicks === null || now === null || now === startTicks
}

/** Field 22 of /proc/<pid>/stat; the name before it may hold spaces and brackets. */
function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
