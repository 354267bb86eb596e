import { formatDuration } from '../numbers/format-number.ts'
import { PauseAdvice } from './PauseAdvice.tsx'
import { usePauseNote, useReadPauseNote } from './queries.ts'

/** Advice to take a pause; nothing where there is none. The server gives it while one is away, never between two questions. */
export function PauseNote({ project }: { readonly project: string }) {
  const note = usePauseNote(project).data ?? null
  const read = useReadPauseNote(project)
  if (note === null) return null
  return (
    <PauseAdvice
      afterwards="Your answers stand. Whoever runs this project can read the same on your card."
      error={read.error}
      isReading={read.isPending}
      onRead={() => read.mutate(note.id)}
    >
      Some time ago answers of yours came faster than people can read these runs. That happens to everybody
      who reviews for long. Get up for a few minutes, then take the time that a run needs.
      {note.carefulSeconds === null
        ? ''
        : ` Others who answer with care mostly take about ${formatDuration(note.carefulSeconds * 1000)}.`}
    </PauseAdvice>
  )
}
