import { useMemo, useRef } from 'react'
import { useActions } from './ActionsProvider.tsx'
import type { Action } from './action.ts'

/** Registers actions that change with every render without registering them with every render. */
export function useLiveActions(owner: string, actions: readonly Action[]): void {
  const live = useRef(actions)
  live.current = actions
  const shape = actions
    .map(
      (action) => `${action.id}|${action.title}|${action.keys?.join(' ') ?? ''}|${action.unavailable ?? ''}`,
    )
    .join('\n')
  const registered = useMemo(
    () =>
      shape === ''
        ? []
        : live.current.map((action) => ({
            ...action,
            perform: () => live.current.find((now) => now.id === action.id)?.perform(),
          })),
    [shape],
  )
  useActions(owner, registered)
}
