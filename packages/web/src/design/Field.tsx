import { type ComponentProps, type ReactNode, useId } from 'react'

const BOX =
  'w-full min-h-9 rounded-md border border-line-strong bg-surface px-3 py-1.5 text-14 text-ink placeholder:text-ink-3 aria-invalid:border-rollback'

type Frame = { readonly label: string; readonly hint?: ReactNode; readonly problem?: string | undefined }

export function TextField({
  label,
  hint,
  problem,
  className = '',
  ...rest
}: Frame & ComponentProps<'input'>) {
  const ownId = useId()
  const id = rest.id ?? ownId
  return (
    <FieldFrame id={id} label={label} hint={hint} problem={problem}>
      <input
        className={`${BOX} ${className}`}
        dir="auto"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        {...rest}
        id={id}
      />
    </FieldFrame>
  )
}

export function TextArea({ label, hint, problem, ...rest }: Frame & ComponentProps<'textarea'>) {
  const id = useId()
  return (
    <FieldFrame id={id} label={label} hint={hint} problem={problem}>
      <textarea
        id={id}
        className={`${BOX} min-h-20`}
        dir="auto"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        {...rest}
      />
    </FieldFrame>
  )
}

export function SelectField({ label, hint, problem, children, ...rest }: Frame & ComponentProps<'select'>) {
  const id = useId()
  return (
    <FieldFrame id={id} label={label} hint={hint} problem={problem}>
      <select
        id={id}
        className={`${BOX} max-w-full`}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        {...rest}
      >
        {children}
      </select>
    </FieldFrame>
  )
}

function FieldFrame({
  id,
  label,
  hint,
  problem,
  children,
}: Frame & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-12 font-semibold text-ink-2">
        {label}
      </label>
      {children}
      <div id={`${id}-hint`} className="mt-1 text-12 text-ink-3 empty:hidden">
        {problem === undefined ? hint : <span className="text-rollback">{problem}</span>}
      </div>
    </div>
  )
}
