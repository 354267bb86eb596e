import { useId, useState } from 'react'
import { formatBytes } from '../numbers/format-number.ts'

/** A place to drop a file on, and the button for everybody else. */
export function FileDrop({
  file,
  onFile,
}: {
  readonly file: File | null
  readonly onFile: (file: File) => void
}) {
  const [isOver, setOver] = useState(false)
  const id = useId()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the input is the first
    <div
      className={`rounded-lg border-2 border-dashed px-5 py-8 text-center ${isOver ? 'border-accent bg-accent-wash' : 'border-line-strong/60'}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const dropped = event.dataTransfer.files[0]
        if (dropped !== undefined) onFile(dropped)
      }}
    >
      {file === null ? (
        <p className="mx-auto mb-3 text-ink-2">Drop a file here, or</p>
      ) : (
        <p className="mx-auto mb-3">
          <bdi className="font-semibold">{file.name}</bdi>{' '}
          <span className="text-ink-2">({formatBytes(file.size)})</span>
        </p>
      )}
      <label
        htmlFor={id}
        className="inline-flex min-h-9 cursor-pointer items-center rounded-md border border-line-strong bg-surface px-3 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:bg-sunken"
      >
        {file === null ? 'Choose a file' : 'Choose another'}
        <input
          id={id}
          type="file"
          className="sr-only"
          accept=".json,.jsonl,.ndjson,.gz,.txt"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen !== undefined) onFile(chosen)
          }}
        />
      </label>
    </div>
  )
}
