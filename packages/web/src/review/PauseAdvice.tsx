import type { ReactNode } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'

/** Advice to take a pause, until it is read. */
export function PauseAdvice({
  children,
  afterwards,
  error,
  isReading,
  onRead,
}: {
  readonly children: ReactNode
  /** What stands although it was given. */
  readonly afterwards: string
  readonly error: Error | null
  readonly isReading: boolean
  readonly onRead: () => void
}) {
  return (
    <section
      aria-label="A pause may help"
      className="mb-4 max-w-[75ch] rounded-lg border border-line bg-accent-wash px-5 py-4"
    >
      <h2 className="text-16 font-semibold">A pause may help</h2>
      <p className="mt-1 text-14">{children}</p>
      <p className="mt-1 text-14 text-ink-2">{afterwards}</p>
      {error === null ? null : <Failure error={error} />}
      <p className="mt-3">
        <Button disabled={isReading} onClick={onRead}>
          I have read this
        </Button>
      </p>
    </section>
  )
}
