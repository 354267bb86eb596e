import type { ComponentProps } from 'react'
import { Button } from '../design/Button.tsx'
import { type Action, keyWords } from './action.ts'

/** A button that does an action and shows its key. */
export function ActionButton({
  action,
  children,
  ...rest
}: Omit<ComponentProps<typeof Button>, 'onClick' | 'disabled'> & { readonly action: Action }) {
  const key = action.keys === undefined ? undefined : keyWords(action.keys)
  return (
    <Button
      {...rest}
      disabled={action.unavailable !== undefined}
      title={action.unavailable ?? (key === undefined ? undefined : `${action.title} (${key})`)}
      onClick={action.perform}
    >
      {children ?? action.title}
      {key === undefined ? null : (
        <span
          aria-hidden="true"
          className="hidden rounded-sm border border-current/40 px-1 font-mono text-12 font-normal opacity-80 md:inline"
        >
          {key}
        </span>
      )}
    </Button>
  )
}
