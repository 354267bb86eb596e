/**
 * Runs PostgreSQL's programs as an unprivileged user when we are root, because they refuse to run as root.
 *
 * Knows users, folders and `spawn`. Knows nothing of PostgreSQL.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { accessSync, chownSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { LaunchError } from './launch-error.ts'

/** `nobody` on every Unix. Needs no entry in the user table. */
const UNPRIVILEGED_ID = 65534
const SETPRIV_PATHS = ['/usr/bin/setpriv', '/bin/setpriv']

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0
}

/** Gives a file or folder to the user that PostgreSQL runs as. Does nothing unless we are root. */
export function giveToUnprivileged(path: string): void {
  if (runsAsRoot()) chownSync(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
}

/** Makes a folder that only PostgreSQL's user can read. */
export function makeUnprivilegedFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  giveToUnprivileged(path)
}

/**
 * Spawns `program` as the unprivileged user (root) or as ourselves (otherwise).
 *
 * `paths` are what the program must be able to reach. Below a closed folder, such as /root with mode 0700,
 * the program gets the one capability that lets it pass through (CAP_DAC_READ_SEARCH), by `setpriv`.
 * Throws LaunchError when that is not possible on this machine.
 */
export function spawnUnprivileged(
  program: string,
  args: readonly string[],
  paths: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  if (!runsAsRoot()) return spawn(program, [...args], options)
  const closed = [program, ...paths].map(closedAncestor).find((folder) => folder !== undefined)
  if (closed === undefined) {
    return spawn(program, [...args], { ...options, uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID })
  }
  const setpriv = SETPRIV_PATHS.find((path) => isExecutable(path))
  if (setpriv === undefined) {
    throw new LaunchError(
      `The folder ${closed} is closed to other users, and PostgreSQL refuses to run as root. Run Leeway as a normal user, or move it and its --data-dir to a folder others may enter, such as /var/lib/leeway.`,
    )
  }
  const id = String(UNPRIVILEGED_ID)
  const only = '-all,+dac_read_search'
  const drop = ['--reuid', id, '--regid', id, '--clear-groups', '--inh-caps', only, '--ambient-caps', only]
  return spawn(setpriv, [...drop, '--bounding-set', only, program, ...args], options)
}

/** The first folder above `path` that other users may not enter; undefined when all are open. */
function closedAncestor(path: string): string | undefined {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return folder
    if (folder === dirname(folder)) return undefined
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
