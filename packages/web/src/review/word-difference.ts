/** What changed between two texts, word by word: the longest sequence of words that both have stays. */
type WordRun = { readonly kind: 'same' | 'gone' | 'new'; readonly text: string }

/** Cells of the table of two texts; of longer ones all of the middle is taken for changed. */
const CELLS_MAX = 4_000_000

export function wordDifference(before: string, after: string): readonly WordRun[] {
  const [old, now] = [wordsOf(before), wordsOf(after)]
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1
  let end = 0
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end += 1
  return joined([
    ...now.slice(0, start).map((text) => ({ kind: 'same' as const, text })),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...now.slice(now.length - end).map((text) => ({ kind: 'same' as const, text })),
  ])
}

/** A word with the space behind it, so that the pieces put together are the text. */
function wordsOf(text: string): readonly string[] {
  return text.match(/^\s+|\S+\s*/g) ?? []
}

function middle(old: readonly string[], now: readonly string[]): readonly WordRun[] {
  const columns = now.length + 1
  if ((old.length + 1) * columns > CELLS_MAX)
    return [
      { kind: 'gone', text: old.join('') },
      { kind: 'new', text: now.join('') },
    ]
  // longest[i * columns + j]: words that what stands from i and from j on have in common.
  const longest = new Int32Array((old.length + 1) * columns)
  const at = (i: number, j: number) => longest[i * columns + j] ?? 0
  const same = (i: number, j: number) => old[i]?.trim() === now[j]?.trim()
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      longest[i * columns + j] = same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const runs: WordRun[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && same(i, j)) {
      runs.push({ kind: 'same', text: now[j] ?? '' })
      i += 1
      j += 1
    } else if (i < old.length && (j >= now.length || at(i + 1, j) >= at(i, j + 1))) {
      runs.push({ kind: 'gone', text: old[i] ?? '' })
      i += 1
    } else {
      runs.push({ kind: 'new', text: now[j] ?? '' })
      j += 1
    }
  }
  return runs
}

/** Neighbours of one kind as one run; what is gone stands before what is new in its place. */
function joined(runs: readonly WordRun[]): readonly WordRun[] {
  const found: { kind: WordRun['kind']; text: string }[] = []
  let [gone, fresh] = ['', '']
  const close = () => {
    if (gone !== '') found.push({ kind: 'gone', text: gone })
    if (fresh !== '') found.push({ kind: 'new', text: fresh })
    gone = ''
    fresh = ''
  }
  for (const { kind, text } of runs) {
    if (kind === 'gone') gone += text
    else if (kind === 'new') fresh += text
    else {
      close()
      const last = found.at(-1)
      if (last?.kind === 'same') last.text += text
      else found.push({ kind, text })
    }
  }
  close()
  return found
}
