/**
 * A file with room in it, made before it is needed. What is appended to a file that grows waits for the file system to write down the new
 * length; what is written over zeros that are on disk already does not.
 *
 * Made in the background, a piece at a time, so that nobody waits behind it. Where there is none (not yet, or the disk has no place) the
 * caller's file grows. What is left of an earlier run is taken away.
 */
import { closeSync, constants, openSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = 'ahead'
const PIECE_BYTES = 256 << 10

export type RoomAhead = {
  /** Whether `take` has one. */
  readonly isReady: () => boolean
  /** The file under its new name, open for writing; null: there is none. The caller syncs the folder. Makes the next one. */
  readonly take: (path: string) => number | null
  /** Makes the first one; again while it is made, nothing. */
  readonly make: () => void
  readonly close: () => Promise<void>
}

export function roomAhead(directory: string, bytes: number): RoomAhead {
  const path = join(directory, NAME)
  rmSync(path, { force: true })
  let ready = false
  let closed = false
  let making: Promise<void> | null = null

  const fill = async (): Promise<void> => {
    const file = await open(path, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY, 0o600)
    try {
      for (let at = 0; at < bytes && !closed; ) {
        const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes - at))
        at += (await file.write(piece, 0, null, at)).bytesWritten
        await file.datasync()
      }
    } finally {
      await file.close()
    }
  }
  const make = () => {
    if (ready || closed) return
    making ??= fill().then(
      () => {
        making = null
        ready = !closed
      },
      () => {
        // No place for it: the next segment grows, and says what is wrong if that fails as well.
        making = null
        rmSync(path, { force: true })
      },
    )
  }
  return {
    isReady: () => ready,
    make,
    take(to) {
      if (!ready) return null
      ready = false
      const file = openSync(path, constants.O_WRONLY)
      try {
        renameSync(path, to)
      } catch (error) {
        closeSync(file)
        throw error
      }
      make()
      return file
    },
    async close() {
      closed = true
      await making
      rmSync(path, { force: true })
    },
  }
}
