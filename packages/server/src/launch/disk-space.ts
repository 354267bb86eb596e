/** What to say when there is no room left. */
import { LaunchError } from './launch-error.ts'

/** PostgreSQL's code for a full disk. */
const POSTGRES_DISK_FULL = '53100'

/** A LaunchError of one line when the failure is a full disk; otherwise the failure itself. */
export function explainDiskFull(error: unknown, dataDir: string): unknown {
  if (!saysDiskFull(error)) return error
  return new LaunchError(
    `The disk that holds ${dataDir} is full. Free some space, or choose another --data-dir; nothing acknowledged is lost.`,
    { cause: error },
  )
}

/** Also looks at the causes: drizzle wraps what PostgreSQL said. */
export function saysDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: unknown }
  if (code === 'ENOSPC' || code === POSTGRES_DISK_FULL || /No space left on device/i.test(message))
    return true
  return cause !== undefined && saysDiskFull(cause)
}
