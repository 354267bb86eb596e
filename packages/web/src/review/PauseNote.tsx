import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { formatDuration } from '../numbers/format-number.ts'
import { usePauseNote, useReadPauseNote } from './queries.ts'

/** Advice to take a pause; nothing where there is none. The server gives it while one is away, never between two questions. */
export function PauseNote({ project }: { readonly project: string }) {
  const note = usePauseNote(project).data ?? null
  const read = useReadPauseNote(project)
  if (note === null) return null
  return (
    <section
      aria-label="A pause may help"
      className="mb-4 max-w-[75ch] rounded-lg border border-line bg-accent-wash px-5 py-4"
    >
      <h2 className="text-16 font-semibold">A pause may help</h2>
      <p className="mt-1 text-14">
        Some time ago answers of yours came faster than people can read these runs. That happens to everybody
        who reviews for long. Get up for a few minutes, then take the time that a run needs.
        {note.carefulSeconds === null
          ? ''
          : ` Others who answer with care mostly take about ${formatDuration(note.carefulSeconds * 1000)}.`}
      </p>
      <p className="mt-1 text-14 text-ink-2">
        Your answers stand. Whoever runs this project can read the same on your card.
      </p>
      {read.isError ? <Failure error={read.error} /> : null}
      <p className="mt-3">
        <Button disabled={read.isPending} onClick={() => read.mutate(note.id)}>
          I have read this
        </Button>
      </p>
    </section>
  )
}
