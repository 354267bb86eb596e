import { useId, useState } from 'react'
import { useAllActions } from '../actions/ActionsProvider.tsx'
import { findActions, keyWords } from '../actions/action.ts'
import { Dialog } from '../design/Dialog.tsx'

/** Everything that can be done on this page, found by typing. */
export function CommandPalette({
  open,
  onOpenChange,
}: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Go or do"
      description="Type a few letters, choose with the arrow keys, press Enter."
    >
      <Finder onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function Finder({ onDone }: { readonly onDone: () => void }) {
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const found = findActions(useAllActions(), query).filter((action) => action.unavailable === undefined)
  const current = Math.min(chosen, found.length - 1)
  const perform = (index: number) => {
    const action = found[index]
    if (action === undefined) return
    onDone()
    action.perform()
  }
  return (
    <div>
      <input
        role="combobox"
        aria-label="What to do"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        className="min-h-10 w-full rounded-md border border-line-strong bg-surface px-3 text-16"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setChosen(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setChosen(Math.min(current + 1, found.length - 1))
          else if (event.key === 'ArrowUp') setChosen(Math.max(current - 1, 0))
          else if (event.key === 'Enter') perform(current)
          else return
          event.preventDefault()
        }}
      />
      <div id={id} role="listbox" aria-label="Actions" className="mt-3 max-h-[50vh] overflow-y-auto">
        {found.map((action, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
          <div
            key={action.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            className="flex cursor-pointer items-center justify-between gap-4 rounded-md px-3 py-2 aria-selected:bg-accent-wash"
            onMouseMove={() => setChosen(index)}
            onClick={() => perform(index)}
          >
            <span dir="auto">{action.title}</span>
            <span className="shrink-0 text-12 text-ink-2">
              {action.keys === undefined ? action.group : keyWords(action.keys)}
            </span>
          </div>
        ))}
        {found.length === 0 ? <p className="px-3 py-2 text-ink-2">Nothing here is called that.</p> : null}
      </div>
    </div>
  )
}
