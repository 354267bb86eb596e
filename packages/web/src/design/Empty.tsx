import type { ReactNode } from 'react'
import { CopyButton } from './CopyButton.tsx'

/** Says what will be here, and the one command that fills it. */
export function Empty({
  title,
  children,
  command,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly command?: string
}) {
  return (
    <section className="rounded-lg border border-dashed border-line-strong/60 px-5 py-8">
      <h2 className="text-16 font-semibold">{title}</h2>
      {children === undefined ? null : <div className="mt-1 text-14 text-ink-2">{children}</div>}
      {command === undefined ? null : (
        <div className="mt-4 flex flex-wrap items-center gap-2">
          <code className="rounded-md bg-sunken px-3 py-2 font-mono text-12">{command}</code>
          <CopyButton value={command} what="command" />
        </div>
      )}
    </section>
  )
}
