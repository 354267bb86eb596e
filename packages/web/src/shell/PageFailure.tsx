import type { ErrorComponentProps } from '@tanstack/react-router'
import { Failure } from '../design/Failure.tsx'

/** Stands where a page could not. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  return (
    <div className="mx-auto max-w-xl py-10">
      <h1 className="mb-3 text-20">This page could not be shown</h1>
      <Failure error={error} onRetry={reset} />
    </div>
  )
}
