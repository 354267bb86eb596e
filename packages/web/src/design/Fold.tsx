import { useId, useState } from 'react'
import { formatCount } from '../numbers/format-number.ts'
import { foldText } from './fold-text.ts'

/** Long foreign text, folded with a count of what is hidden. Always text, never markup. */
export function Fold({
  text,
  lines = 12,
  characters = 1200,
  mono = false,
}: {
  readonly text: string
  readonly lines?: number
  readonly characters?: number
  readonly mono?: boolean
}) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const folded = foldText(text, { lines, characters })
  const shape = mono ? 'font-mono text-12' : 'max-w-[75ch] text-14'
  return (
    <div>
      <div id={id} dir="auto" className={`foreign whitespace-pre-wrap ${shape}`}>
        {open ? text : folded.shown}
        {!open && folded.hidden > 0 ? '…' : null}
      </div>
      {folded.hidden > 0 ? (
        <button
          type="button"
          className="link mt-1 text-12"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show less' : `Show ${formatCount(folded.hidden)} more characters`}
        </button>
      ) : null}
    </div>
  )
}
