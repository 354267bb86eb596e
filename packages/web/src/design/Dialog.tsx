import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './Button.tsx'

/**
 * A modal question. Escape, the cross and a click beside it close it; focus returns to what opened it.
 *
 * The browser's own dialog: it keeps the focus inside, and needs no style sheet that the content policy forbids.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  /** One sentence; screen readers read it when the dialog opens. */
  readonly description: string
  readonly children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    dialog.current?.showModal()
    // The browser would focus the cross, and the first space somebody types would close the dialog.
    dialog.current?.querySelector<HTMLElement>('input, textarea, select')?.focus()
  }, [open])
  if (!open) return null
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the browser's own key for this
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-description`}
      className="m-auto max-h-[88vh] w-[calc(100vw-2rem)] max-w-xl overflow-y-auto rounded-lg border border-line bg-raised p-0 text-ink shadow-float backdrop:bg-[rgb(0_0_0/0.45)]"
      onClose={() => onOpenChange(false)}
      onClick={(event) => {
        if (event.target === event.currentTarget) onOpenChange(false)
      }}
    >
      <div className="p-5">
        <div className="flex items-start justify-between gap-4">
          <h2 id={`${id}-title`} className="text-20" dir="auto">
            {title}
          </h2>
          <Button kind="quiet" size="small" aria-label="Close" onClick={() => onOpenChange(false)}>
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
        </div>
        <p id={`${id}-description`} className="mt-1 text-14 text-ink-2">
          {description}
        </p>
        <div className="mt-4">{children}</div>
      </div>
    </dialog>
  )
}
