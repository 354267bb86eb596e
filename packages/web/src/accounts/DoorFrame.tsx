import type { ReactNode } from 'react'
import { ThemeToggle } from '../shell/ThemeToggle.tsx'

/** The frame around the pages one sees before being let in. */
export function DoorFrame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-screen max-w-[26rem] flex-col justify-center px-4 py-10">
      <div className="mb-6 flex items-center justify-between">
        <span className="flex items-center gap-2 text-20 font-semibold tracking-tight">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          Leeway
        </span>
        <ThemeToggle />
      </div>
      <div className="rounded-lg border border-line bg-surface p-6">
        <h1 className="mb-4 text-20">{title}</h1>
        {children}
      </div>
      <p className="mt-4 text-12 text-ink-2">
        Leeway decides, from evidence, how much an AI agent may do unsupervised.
      </p>
    </main>
  )
}
