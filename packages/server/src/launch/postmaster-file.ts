/** Reads `postmaster.pid`, the file by which a running PostgreSQL says where it listens. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean }

/** Undefined when there is no such file, or when it is still being written. */
export function readPostmasterFile(directory: string): Postmaster | undefined {
  let text: string
  try {
    text = readFileSync(join(directory, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
  // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory, status.
  const lines = text.split('\n')
  const pid = Math.abs(Number(lines[0]))
  if (!Number.isInteger(pid) || pid === 0) return undefined
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' }
}

/** Whether a process of this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Whether this process is PostgreSQL on this directory: ids are used again after a restart of the machine.
 * Where /proc does not exist the answer is 'unknown'.
 */
export function isPostgresOn(pid: number, directory: string): boolean | 'unknown' {
  if (process.platform !== 'linux') return 'unknown'
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.includes(directory)
  } catch {
    return false
  }
}
