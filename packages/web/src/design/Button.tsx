import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'

const KIND = {
  primary: 'bg-accent text-on-accent border-accent hover:bg-accent-strong hover:border-accent-strong',
  plain: 'bg-surface text-ink border-line-strong/60 hover:border-line-strong hover:bg-sunken',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-sunken hover:text-ink',
  danger: 'bg-surface text-rollback border-rollback/60 hover:bg-rollback-wash hover:border-rollback',
} as const

const SIZE = { normal: 'min-h-9 px-3 text-14', small: 'min-h-7 px-2 text-12' } as const

export function Button({
  kind = 'plain',
  size = 'normal',
  asChild = false,
  className = '',
  ...rest
}: ComponentProps<'button'> & {
  readonly kind?: keyof typeof KIND
  readonly size?: keyof typeof SIZE
  /** Renders the one child (a link) with the looks of a button. */
  readonly asChild?: boolean
}) {
  const Tag = asChild ? Slot.Root : 'button'
  return (
    <Tag
      {...(asChild ? {} : { type: 'button' as const })}
      className={`inline-flex items-center justify-center gap-1.5 rounded-md border font-medium transition-colors disabled:opacity-55 aria-disabled:opacity-55 ${KIND[kind]} ${SIZE[size]} ${className}`}
      {...rest}
    />
  )
}
