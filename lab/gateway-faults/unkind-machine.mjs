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
const { openSync, closeSync, fsyncSync, fdatasync, fdatasyncSync, fstatSync, writeSync } = fs
/** Segments that are open, and folders. */
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
    open.set(file, { name: basename(String(path)), folder: dirname(String(path)) })
    if (isNew) made.add(basename(String(path)))
  } else open.set(file, { name: null, folder: String(path) })
  return file
}
fs.closeSync = (file) => {
  open.delete(file)
  closeSync(file)
}
fs.fsyncSync = (file) => {
  fsyncSync(file)
  const { name, folder } = open.get(file) ?? {}
  if (name === null && folder.endsWith('spool')) {
    for (const one of made) say(one, 0)
    made.clear()
  } else if (name) onDisk(file, fstatSync(file).size)
}
fs.fdatasync = (file, done) => {
  const { size } = fstatSync(file)
  const sync = () =>
    fdatasync(file, (error) => {
      if (error === null) onDisk(file, size)
      done(error)
    })
  if (syncMs > 0) setTimeout(sync, syncMs)
  else sync()
}
fs.fdatasyncSync = (file) => {
  const { size } = fstatSync(file)
  fdatasyncSync(file)
  onDisk(file, size)
}
function onDisk(file, size) {
  const name = open.get(file)?.name
  if (name && !made.has(name)) say(name, size)
}
syncBuiltinESMExports()
