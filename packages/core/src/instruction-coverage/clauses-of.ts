/**
 * The clauses of a plain instruction: the pieces of which each can be checked by itself.
 *
 * Output      spans of the text (UTF-16 offsets), in order, none overlapping, white space at their ends left out. A list item, a
 *             table row and a sentence are at least one clause each; a fenced block is one. Headings, the line that leads
 *             into a list, markers of lists and pieces without a letter or digit are none.
 *             Within a sentence only unmistakable joints part: a semicolon, "unless", "except when", and "and" or "but"
 *             before an order of its own ("and never …"). "Cancel and refund it" stays one clause.
 * Degenerate  no letters: no clauses. No punctuation: one clause a paragraph.
 * Hostile     every pattern looks at bounded stretches; a text counts up to INSTRUCTION_MAX characters. O(length).
 */
import { INSTRUCTION_MAX } from '../response-rules/rules-in-instruction.ts'

export type Span = { readonly from: number; readonly to: number }

export function clausesOf(instruction: string): readonly Span[] {
  const text = instruction.slice(0, INSTRUCTION_MAX)
  return blocksOf(text)
    .flatMap((block) =>
      block.whole ? [block] : sentencesOf(text, block).flatMap((one) => partsOf(text, one)),
    )
    .map((span) => trimmed(text, span))
    .filter((span) => /[\p{L}\p{N}]/u.test(text.slice(span.from, span.to)))
}

/** `whole`: not to be divided further. */
type Block = Span & { readonly whole: boolean }

const FENCE = /^\s{0,3}(?:```|~~~)/
const HEADING = /^\s{0,3}#{1,6}\s/
/** A dash, a number or a letter with a dot or bracket, and a box to tick. */
const MARKER =
  /^[\s>]{0,200}(?:[-*+•‣–—]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\d{1,3}(?:\.\d{1,3}){1,4}\.?)\s{1,20}(?:\[[ x]\]\s{1,20})?/i

/** Paragraphs, list items, table rows and fenced blocks. A line goes on the block before it unless it begins another. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { from: number; to: number } | null = null
  let fence: number | null = null
  const close = () => {
    if (open !== null) blocks.push({ ...open, whole: false })
    open = null
  }
  for (const { from, to } of linesOf(text)) {
    const line = text.slice(from, to)
    if (FENCE.test(line)) {
      close()
      if (fence === null) fence = to
      else {
        blocks.push({ from: fence, to: from, whole: true })
        fence = null
      }
      continue
    }
    if (fence !== null) continue
    const marker = MARKER.exec(line)
    if (line.trim() === '' || HEADING.test(line)) close()
    else if (marker !== null) {
      leadIn(blocks, text, open)
      open = { from: from + marker[0].length, to }
    } else if (open === null || line.trimStart().startsWith('|')) {
      close()
      open = { from, to }
    } else open.to = to
  }
  close()
  if (fence !== null) blocks.push({ from: fence, to: text.length, whole: true })
  return blocks
}

/** Ends the block before a list item. Its last sentence is none of its own where it ends in a colon: the items complete it. */
function leadIn(blocks: Block[], text: string, open: Span | null): void {
  if (open !== null) blocks.push({ ...open, whole: false })
  const last = blocks.at(-1)
  if (last === undefined || last.whole || !text.slice(last.from, last.to).trimEnd().endsWith(':')) return
  blocks.pop()
  const sentences = sentencesOf(text, last)
  const kept = sentences.at(-2)
  if (kept !== undefined) blocks.push({ from: last.from, to: kept.to, whole: false })
}

function linesOf(text: string): readonly Span[] {
  const lines: Span[] = []
  let from = 0
  for (const { index } of text.matchAll(/\n/g)) {
    lines.push({ from, to: index })
    from = index + 1
  }
  return [...lines, { from, to: text.length }]
}

/** Where a sentence may end: its mark with what closes it, before white space; in scripts without spaces, anywhere. */
const SENTENCE_END = /[.!?…]{1,8}["'”’)\]*_`]{0,4}(?=\s)|[。！？；][”’」』）]{0,4}|;(?=\s)/gu
const ABBREVIATED = /(?:^|[\s(])(?:e\.g|i\.e|vs|cf|approx|Mr|Mrs|Ms|Dr|Prof|St|\p{Lu})\.$/u
const BEFORE_MAX = 12

function sentencesOf(text: string, block: Span): readonly Span[] {
  const own = text.slice(block.from, block.to)
  const ends = [...own.matchAll(SENTENCE_END)].flatMap(({ 0: mark, index }) => {
    const end = index + mark.length
    const isStop = mark.startsWith('.') || mark.startsWith('…')
    const goesOn =
      (isStop && /^\s{1,200}\p{Ll}/u.test(own.slice(end, end + 201))) ||
      ABBREVIATED.test(own.slice(Math.max(0, end - BEFORE_MAX), end))
    return goesOn ? [] : [end]
  })
  return cutAt(block, ends)
}

const ORDER =
  "(?:then )?(?:must|you (?:must|should|shall|may not|cannot)|never|always|do not|don['’]t|make sure|ensure that)"
const JOINT = new RegExp(
  `(?<=[^\\s,]),?\\s{1,100}(?=(?:unless|except (?:when|if|where)|but (?:only|${ORDER})|and ${ORDER})\\b)`,
  'giu',
)

/** A sentence at its joints, where both sides are at least two words. */
function partsOf(text: string, sentence: Span): readonly Span[] {
  const own = text.slice(sentence.from, sentence.to)
  const cuts: number[] = []
  for (const { 0: joint, index } of own.matchAll(JOINT)) {
    const at = index + joint.length
    const before = own.slice(cuts.at(-1) ?? 0, at)
    if (isPhrase(before) && isPhrase(own.slice(at))) cuts.push(at)
  }
  return cutAt(sentence, cuts)
}

/** At least two words. */
const isPhrase = (text: string): boolean => /\S\s{1,200}\S/.test(text.slice(0, 1_000).trim())

function cutAt(span: Span, offsets: readonly number[]): readonly Span[] {
  const edges = [span.from, ...offsets.map((offset) => span.from + offset), span.to]
  return edges.slice(1).map((to, at) => ({ from: edges[at] ?? span.from, to }))
}

function trimmed(text: string, { from, to }: Span): Span {
  const own = text.slice(from, to)
  const start = from + own.length - own.trimStart().length
  return { from: start, to: Math.max(start, from + own.trimEnd().length) }
}
