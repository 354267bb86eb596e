import type { ReactNode } from 'react'

/** A box for a table that may be wider than the screen: it scrolls by itself, and whoever has no mouse can scroll it too. */
export function WideTable({
  label,
  className = '',
  children,
}: {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard
    <section className={`overflow-x-auto ${className}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
