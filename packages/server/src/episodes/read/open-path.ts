import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { isZip } from './opened-bytes.ts'

export type EpisodeSource = {
  /** Path as the person gave it, or below the folder they gave. */
  readonly name: string
  readonly bytes: number
  /** A new stream from the first byte; may be opened again. Read errors come out of the stream. */
  readonly open: () => AsyncIterable<Uint8Array>
}

export type OpenedPath = {
  readonly sources: readonly EpisodeSource[]
  /** What was left out of a folder, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

/** Files one folder may hold; over it the rest is left out and named as skipped. */
const FILES_MAX = 100_000

/**
 * A file, or every file below a folder, sorted by name, as sources for `readEpisodes`.
 *
 * A file that is named is taken as it is. In a folder, hidden names, links to folders, what cannot be read and
 * what is neither JSON, gzip nor ZIP by its first bytes are skipped with a reason, so that a README beside the traces
 * is no error. Throws only when the path itself cannot be looked at (the caller names it).
 */
export async function openPath(given: string): Promise<OpenedPath> {
  const found = await stat(given)
  if (!found.isDirectory()) return { sources: [source(given, found.size)], skipped: [] }
  const sources: EpisodeSource[] = []
  const skipped: { name: string; reason: string }[] = []
  await walk(given, sources, skipped)
  return { sources, skipped }
}

function source(name: string, bytes: number): EpisodeSource {
  return { name, bytes, open: () => createReadStream(name, { highWaterMark: 256 * 1024 }) }
}

async function walk(
  folder: string,
  sources: EpisodeSource[],
  skipped: { name: string; reason: string }[],
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null)
  if (entries === null) {
    skipped.push({ name: folder, reason: 'the folder cannot be read' })
    return
  }
  // By code unit, so that every machine reads in the same order.
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.join(folder, entry.name)
    if (entry.name.startsWith('.')) skipped.push({ name, reason: 'hidden' })
    else if (entry.isDirectory()) await walk(name, sources, skipped)
    else {
      const kind = await looked(name)
      if (typeof kind === 'string') skipped.push({ name, reason: kind })
      else if (sources.length >= FILES_MAX) {
        skipped.push({ name, reason: `more than ${FILES_MAX} files` })
        return
      } else sources.push(source(name, kind.bytes))
    }
  }
}

/** The size of a file that may hold episodes, or why it is skipped. */
async function looked(name: string): Promise<{ readonly bytes: number } | string> {
  const found = await stat(name).catch(() => null)
  if (found === null) return 'cannot be read'
  if (found.isDirectory()) return 'a link to a folder'
  // Opening a pipe or device would wait for ever.
  if (!found.isFile()) return 'not a file'
  try {
    await using file = await open(name)
    const head = Buffer.alloc(64)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    return maybeEpisodes(head.subarray(0, bytesRead)) ? { bytes: found.size } : 'neither JSON, gzip nor ZIP'
  } catch {
    return 'cannot be read'
  }
}

function maybeEpisodes(head: Uint8Array): boolean {
  if (head[0] === 0x1f && head[1] === 0x8b) return true
  if (isZip(head)) return true
  // UTF-16 JSON is taken along: its reader says what is wrong with it.
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  return text === '' || text.startsWith('{') || text.startsWith('[')
}
