/**
 * An episode as a model rater reads it: blind to which policy acted, bounded, and fenced as data.
 *
 * Every line of recorded text begins with `| `, so that no text can pass for a heading of ours. Lines that hold the
 * mark, which the text cannot know, are the fence and the notes about what was left out.
 */
import type { Episode, Json, Step } from '@leeway/core/episodes/episode'

/** Characters of the whole recording, about 15,000 tokens. The end of a run mostly decides, so more of it is kept. */
const TEXT_MAX = 60_000
const HEAD_SHARE = 0.4
/** Characters of one step. */
const STEP_MAX = 6_000
const NAME_MAX = 100

/** The makers' instructions are the policy; attributes of a span may name it. Times could tell when it was. */
const HIDDEN: ReadonlySet<Step['kind']> = new Set(['system', 'generation', 'span'])
const NAMED: ReadonlySet<Step['kind']> = new Set(['tool_call', 'tool_result'])

/** `mark` is a word that the text cannot hold: random, and drawn anew for each request. */
export function episodeText(episode: Pick<Episode, 'instructions' | 'steps'>, mark: string): string {
  const pieces = [
    ...(episode.instructions === '' ? [] : [piece('task given to the agent', episode.instructions, mark)]),
    ...episode.steps.filter(({ kind }) => !HIDDEN.has(kind)).map((step) => stepText(step, mark)),
  ]
  return [`<<<RECORDING ${mark}>>>`, ...withinLimit(pieces, mark), `<<<END OF RECORDING ${mark}>>>`].join(
    '\n',
  )
}

/** By ordinal, what a quote can be taken from; null for a step that neither models nor raters are shown. */
export function stepTexts({ steps }: Pick<Episode, 'steps'>): readonly (string | null)[] {
  return steps.map((step) => (HIDDEN.has(step.kind) ? null : bodyText(step)))
}

function bodyText({ content, error }: Pick<Step, 'content' | 'error'>): string {
  const body = contentText(content)
  return error === null ? body : `${body}\n(error) ${error}`
}

function stepText(step: Step, mark: string): string {
  const name = NAMED.has(step.kind) && step.name !== null ? ` ${quotedName(unmarked(step.name, mark))}` : ''
  return piece(`step ${step.ordinal}: ${step.kind.replace('_', ' ')}${name}`, bodyText(step), mark)
}

/** A text of the recording, or of somebody else's about it, under a heading of ours: each line is fenced. */
export function piece(heading: string, text: string, mark: string): string {
  const lines = harmless(cut(text, mark))
    .split('\n')
    // A note of ours stands at the margin; recorded text never does.
    .map((line) => (line.startsWith(note(mark)) ? line : `| ${line}`))
  return [heading, ...lines].join('\n')
}

/** A text in full, fenced line by line. */
export function fenced(text: string, mark: string): string {
  return harmless(unmarked(text, mark)).replace(/^/gm, '| ')
}

const contentText = (content: Json): string =>
  typeof content === 'string' ? content : JSON.stringify(content)

/** The mark is random, and no text can hold it but by being told. Nothing is left to chance all the same. */
const unmarked = (text: string, mark: string): string => text.replaceAll(mark, '?')

/** A tool's name is text of the recording too. */
const quotedName = (name: string): string => JSON.stringify(harmless(name.slice(0, NAME_MAX)))

const note = (mark: string): string => `[${mark}: `

/** The middle of a long step goes: beginnings say what it is, ends how it came out. */
function cut(text: string, mark: string): string {
  const own = unmarked(text, mark)
  if (own.length <= STEP_MAX) return own
  const half = STEP_MAX / 2
  const left = own.length - STEP_MAX
  return `${own.slice(0, half)}\n${note(mark)}${left} characters were left out here]\n${own.slice(-half)}`
}

function withinLimit(pieces: readonly string[], mark: string): readonly string[] {
  if (lengthOf(pieces) <= TEXT_MAX) return pieces
  const head = taken(pieces, TEXT_MAX * HEAD_SHARE)
  const tail = taken([...pieces.slice(head.length)].reverse(), TEXT_MAX - lengthOf(head)).reverse()
  const left = pieces.length - head.length - tail.length
  return left === 0
    ? [...head, ...tail]
    : [...head, `${note(mark)}${left} steps were left out here, because the run is long]`, ...tail]
}

function taken(pieces: readonly string[], room: number): string[] {
  let used = 0
  const kept: string[] = []
  for (const one of pieces) {
    used += one.length + 1
    if (used > room) break
    kept.push(one)
  }
  return kept
}

const lengthOf = (pieces: readonly string[]): number => pieces.reduce((sum, one) => sum + one.length + 1, 0)

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are exactly what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu
const UNSEEN = /[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu

/**
 * Characters that a person would not see but a model reads (control, direction, zero width, tags) are spelled out, and
 * `<|`, with which chat templates begin their own tokens, is parted: a local server may not escape it.
 */
function harmless(text: string): string {
  const spelled = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  return text
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL, spelled)
    .replace(UNSEEN, spelled)
    .replaceAll('<|', '< |')
}
