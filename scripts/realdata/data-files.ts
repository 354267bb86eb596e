/** The files of a data folder, each with its content kind, found by looking inside and never by name. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openPath } from '@leeway/server/episodes/read/open-path'

export type DataFile = {
  readonly path: string
  readonly name: string
  readonly sha256: string
  readonly kind: 'tau-bench' | 'trace' | 'inspect' | 'other'
  /** Parsed with JSON.parse alone, independently of our readers; null when it is not one JSON document. */
  readonly json: unknown
}

/** Larger files are not real data of ours. */
const BYTES_MAX = 64 * 1024 * 1024

export async function dataFiles(folder: string): Promise<readonly DataFile[]> {
  const { sources } = await openPath(folder)
  return sources
    .filter(({ bytes }) => bytes <= BYTES_MAX)
    .map(({ name }) => {
      const raw = readFileSync(name)
      const json = parse(raw)
      return {
        path: name,
        name: basename(name),
        sha256: createHash('sha256').update(raw).digest('hex'),
        kind: raw.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004' ? 'inspect' : kindOf(json),
        json,
      }
    })
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse((raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw).toString('utf8'))
  } catch {
    return null
  }
}

function kindOf(json: unknown): DataFile['kind'] {
  if (
    Array.isArray(json) &&
    json.length > 0 &&
    ['task_id', 'reward', 'traj'].every((key) => key in Object(json[0]))
  )
    return 'tau-bench'
  if (
    json !== null &&
    typeof json === 'object' &&
    ('resourceSpans' in json || ('trace' in json && 'observations' in json))
  )
    return 'trace'
  if (json !== null && typeof json === 'object' && 'eval' in json && 'samples' in json) return 'inspect'
  return 'other'
}
