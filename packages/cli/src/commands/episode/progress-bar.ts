/** One line on stderr that says how far an import is. Silent when nobody watches, but for notes. */
export type ProgressBar = {
  readonly show: (progress: {
    readonly bytesRead: number
    readonly added: number
    readonly known: number
  }) => void
  /** A line of its own, above the bar. */
  readonly note: (line: string) => void
  readonly end: () => void
}

const CELLS = 24

export function progressBar(
  totalBytes: number,
  isWatched: boolean,
  write: (text: string) => void = (text) => void process.stderr.write(text),
): ProgressBar {
  let shown = false
  const clear = () => {
    if (shown) write('\r\u001b[2K')
    shown = false
  }
  return {
    show({ bytesRead, added, known }) {
      if (!isWatched) return
      const share = totalBytes === 0 ? 1 : Math.min(1, bytesRead / totalBytes)
      const full = Math.round(share * CELLS)
      clear()
      write(
        `[${'#'.repeat(full)}${'.'.repeat(CELLS - full)}] ${Math.floor(share * 100)} %  ${added.toLocaleString('en')} added, ${known.toLocaleString('en')} known`,
      )
      shown = true
    },
    note(line) {
      clear()
      write(`${line}\n`)
    },
    end: clear,
  }
}
