import { type ReactNode, useId } from 'react'

/** A titled part of a page. */
export function Panel({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3 sm:px-5">
        <h2 id={id} className="text-14 font-semibold text-ink-2">
          {title}
        </h2>
        {aside}
      </div>
      <div className="px-4 pt-2 pb-4 sm:px-5">{children}</div>
    </section>
  )
}
