/**
 * Loaded into a replica before anything else (`node --import`): a wall clock that jumps when it is told to, and a disk that
 * says how much of each file of the spool is on it for sure, so that whoever kills the process can take the rest away, as a
 * loss of power does. `kill -9` alone loses nothing that was written: the kernel has it.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename, dirname, join } from 'node:path'

const RealDate = Date
let offsetMs = 0
globalThis.Date = class MovedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offsetMs)
    else super(...given)
  }
  static now() {
    return RealDate.now() + offsetMs
  }
}
process.on('message', ({ clockMs }) => {
  offsetMs = clockMs
  process.send({ clockMs })
})
process.channel?.unref()
// A study that was ended leaves nobody behind.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

const synced = process.env.LEEWAY_LAB_SYNCED
/** How much longer the disk takes for a sync than it does. */
const syncMs = Number(process.env.LEEWAY_LAB_SYNC_MS ?? 0)
const { openSync, closeSync, fsyncSync, fdatasync, fdatasyncSync, writeSync, renameSync } = fs
/** Segments that are open, with how far they are written, and folders. A file has room before anything is written to it. */
const open = new Map()
/** Made, but not in a folder that was synced since. */
const made = new Set()
const said = new Map()

/** Twelve digits in one write: whenever we are killed, the file holds a length. */
function say(name, length) {
  if (!said.has(name)) said.set(name, openSync(join(synced, name), 'w', 0o600))
  writeSync(said.get(name), String(length).padStart(12, '0'), 0)
}

fs.openSync = (path, flags, ...rest) => {
  const file = openSync(path, flags, ...rest)
  const isNew = typeof flags === 'number' && (flags & fs.constants.O_CREAT) !== 0
  if (String(path).endsWith('.spool')) {
    open.set(file, { name: basename(String(path)), folder: dirname(String(path)), end: 0 })
    if (isNew) made.add(basename(String(path)))
  } else open.set(file, { name: null, folder: String(path) })
  return file
}
/** A file becomes a segment that was something else before. */
fs.renameSync = (from, to) => {
  renameSync(from, to)
  if (!String(to).endsWith('.spool')) return
  const name = basename(String(to))
  for (const one of open.values())
    if (one.folder === String(from)) Object.assign(one, { name, folder: dirname(String(to)), end: 0 })
  made.add(name)
}
fs.writeSync = (file, bytes, offset, length, position, ...rest) => {
  const written = writeSync(file, bytes, offset, length, position, ...rest)
  const segment = open.get(file)
  if (segment?.end !== undefined) segment.end = Math.max(segment.end, position + written)
  return written
}
fs.closeSync = (file) => {
  open.delete(file)
  closeSync(file)
}
fs.fsyncSync = (file) => {
  fsyncSync(file)
  const { name, folder } = open.get(file) ?? {}
  if (name !== null || !folder.endsWith('spool')) return
  for (const one of made) say(one, 0)
  made.clear()
}
fs.fdatasync = (file, done) => {
  const end = open.get(file)?.end
  const sync = () =>
    fdatasync(file, (error) => {
      if (error === null) onDisk(file, end)
      done(error)
    })
  if (syncMs > 0) setTimeout(sync, syncMs)
  else sync()
}
fs.fdatasyncSync = (file) => {
  const end = open.get(file)?.end
  if (syncMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, syncMs)
  fdatasyncSync(file)
  onDisk(file, end)
}
function onDisk(file, end) {
  const name = open.get(file)?.name
  if (name && !made.has(name)) say(name, end)
}
syncBuiltinESMExports()
