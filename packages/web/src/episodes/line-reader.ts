/** Cuts text that arrives in pieces into lines. Empty lines are skipped; `end` gives the last one without its break. */
export function lineReader(onLine: (line: string) => void): {
  readonly push: (piece: string) => void
  readonly end: () => void
} {
  let rest = ''
  const give = (line: string) => {
    if (line.trim() !== '') onLine(line)
  }
  return {
    push: (piece) => {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) give(line)
    },
    end: () => {
      give(rest)
      rest = ''
    },
  }
}
