import { readFailure } from '../api/read-failure.ts'
import { Button } from './Button.tsx'
import { StateShape } from './StateMark.tsx'

/** An error as the server tells it: what happened, and what to do. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const failure = readFailure(error)
  return (
    <div role="alert" className="rounded-md border border-unhealthy/50 bg-unhealthy-wash px-4 py-3">
      <p className="flex items-start gap-2 font-medium text-ink">
        <span className="mt-0.5 text-unhealthy">
          <StateShape state="unhealthy" />
        </span>
        <span dir="auto">{failure.detail}</span>
      </p>
      {failure.hint === '' ? null : (
        <p className="mt-1 ps-6 text-14 text-ink-2" dir="auto">
          {failure.hint}
        </p>
      )}
      {onRetry === undefined ? null : (
        <div className="mt-2 ps-6">
          <Button size="small" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  )
}
