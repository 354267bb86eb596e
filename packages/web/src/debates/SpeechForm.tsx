import type { DebateRoom } from '@leeway/contract/debates'
import { ownWords } from '@leeway/core/debates/speech'
import { useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'
import { formatCountOf } from '../numbers/format-number.ts'
import { useSpeak } from './queries.ts'
import { quoteOfSelection } from './quote-of-selection.ts'

/** A speech for the side that one was given, right or wrong. */
export function SpeechForm({
  project,
  room,
  side,
}: {
  readonly project: string
  readonly room: DebateRoom
  readonly side: 'a' | 'b'
}) {
  const key = `leeway-speech-${room.id}-${room.round}`
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '')
  const startedAt = useRef(new Date().toISOString())
  const send = useSpeak(project, room.id)
  const words = ownWords(text)
  const isTooLong = words > room.words
  const write = (next: string) => {
    setText(next)
    sessionStorage.setItem(key, next)
  }
  const insertQuote = () => {
    const quote = quoteOfSelection(window.getSelection())
    if (quote !== null) write(`${text}${text === '' || /\s$/.test(text) ? '' : ' '}${quote}`)
  }
  const actions: readonly Action[] = [
    {
      id: 'quote',
      title: 'Quote what is selected in the episode',
      group: 'This page',
      keys: ['q'],
      perform: insertQuote,
    },
  ]
  useLiveActions('speech', actions)
  return (
    <form
      className="rounded-lg border border-line bg-surface p-4 sm:p-5"
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate(
          { round: room.round, text, startedAt: startedAt.current },
          { onSuccess: () => sessionStorage.removeItem(key) },
        )
      }}
    >
      <h2 className="mb-3 text-16 font-semibold" dir="auto">
        {room.round === 1 ? 'Open' : `Round ${room.round}`}: argue for <bdi>“{room.answers[side]}”</bdi>
      </h2>
      <TextArea
        label="Your speech"
        required
        rows={9}
        value={text}
        onChange={(event) => write(event.target.value)}
        problem={isTooLong ? `${words} words; ${room.words} are allowed. Quotes do not count.` : undefined}
        hint={`${formatCountOf(words, 'word')} of ${room.words}. Select words in the episode and press q to quote them; every quote is checked.`}
      />
      {send.isError ? <Failure error={send.error} /> : null}
      <p className="mt-3 flex flex-wrap gap-2">
        <Button type="submit" kind="primary" disabled={isTooLong || text.trim() === '' || send.isPending}>
          {send.isPending ? 'Saving…' : 'Speak'}
        </Button>
        <Button onMouseDown={(event) => event.preventDefault()} onClick={insertQuote}>
          Quote the selection
        </Button>
      </p>
      <p className="mt-2 text-12 text-ink-2">What you say stands: it cannot be taken back.</p>
    </form>
  )
}
