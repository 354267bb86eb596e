import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'

/** A modal question. Escape and the cross close it; focus returns to what opened it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  width = 'max-w-xl',
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  /** One sentence; screen readers read it when the dialog opens. */
  readonly description: string
  readonly children: ReactNode
  readonly width?: string
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <Radix.Content
          className={`fixed top-[6vh] left-1/2 z-50 max-h-[88vh] w-[calc(100vw-2rem)] ${width} -translate-x-1/2 overflow-y-auto rounded-lg border border-line bg-raised p-5 shadow-float`}
        >
          <div className="flex items-start justify-between gap-4">
            <Radix.Title className="text-20 font-semibold" dir="auto">
              {title}
            </Radix.Title>
            <Radix.Close asChild>
              <Button kind="quiet" size="small" aria-label="Close">
                <svg
                  aria-hidden="true"
                  width="14"
                  height="14"
                  viewBox="0 0 14 14"
                  stroke="currentColor"
                  strokeWidth="1.8"
                >
                  <path d="M2 2l10 10M12 2 2 12" />
                </svg>
              </Button>
            </Radix.Close>
          </div>
          <Radix.Description className="mt-1 text-14 text-ink-2">{description}</Radix.Description>
          <div className="mt-4">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
