import { useEffect } from 'react'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { SKIP_WORDS } from './answer-words.ts'

type Reason = keyof typeof SKIP_WORDS
const REASONS = Object.keys(SKIP_WORDS) as Reason[]

/** A skip is no answer, and says why: one key for each reason. */
export function SkipDialog({
  open,
  onOpenChange,
  onSkip,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onSkip: (reason: Reason) => void
}) {
  useEffect(() => {
    if (!open) return
    const onKeyDown = (event: KeyboardEvent) => {
      const reason = REASONS[Number(event.key) - 1]
      if (reason === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      onSkip(reason)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [open, onSkip])
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Skip this question"
      description="It counts as no answer, not as a bad one. Somebody else will be asked."
    >
      <div className="space-y-2">
        {REASONS.map((reason, at) => (
          <Button key={reason} className="w-full justify-start" onClick={() => onSkip(reason)}>
            <kbd className="rounded-sm border border-current/40 px-1.5 font-mono text-12">{at + 1}</kbd>
            {SKIP_WORDS[reason]}
          </Button>
        ))}
      </div>
    </Dialog>
  )
}
