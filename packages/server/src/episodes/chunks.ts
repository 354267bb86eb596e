/**
 * How an episode's large parts are stored: deflated JSON chunks, and back.
 *
 * - `stepIndex`: one chunk, every step in columns with a 120-character preview, for lists of 10,000 steps.
 * - `body`: whole steps without log probabilities, up to 256 steps or about 1 MiB of text a chunk. A chunk's
 *   `ordinal` is that of its first step.
 * - `logprobs`: one list (or null) a step, cut at every 256th step; only chunks that hold any.
 * - `detail`: instructions, outcome detail, and what the source said of who acted.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { StepBody, StepIndex } from '@leeway/contract/episodes'
import type { Episode, Json, Step } from '@leeway/core/episodes/episode'
import { CHUNK_KIND } from './tables.ts'

export type Chunk = { readonly kind: number; readonly ordinal: number; readonly content: Buffer }

export type DetailChunk = {
  readonly instructions: string
  readonly outcomeDetail: Json
  readonly agentName: string | null
  readonly policyName: string | null
  readonly policyConfig: Json
}

export const STEPS_PER_CHUNK = 256
export const PREVIEW_CHARS = 120
/** A body chunk is closed when it has grown over this many characters of JSON. */
const CHUNK_CHARS = 1024 * 1024
/** A record has at most 64 MiB; its steps written again as JSON may grow by escapes and repeated names. */
const INFLATED_BYTES_MAX = 1024 * 1024 * 1024

export function chunksOf(episode: Episode): readonly Chunk[] {
  const chunks: Chunk[] = []
  const index = indexBuilder(episode.steps.length)
  let body: string[] = []
  let bodyChars = 0
  let bodyFrom = 0
  const closeBody = (next: number) => {
    if (body.length > 0) chunks.push(chunk(CHUNK_KIND.body, bodyFrom, `[${body.join(',')}]`))
    body = []
    bodyChars = 0
    bodyFrom = next
  }
  for (const step of episode.steps) {
    const text = stepText(step)
    body.push(text)
    bodyChars += text.length
    // In JSON a quote inside a text is escaped, so the first place that reads like this is the field itself.
    const shown =
      typeof step.content === 'string' ? step.content : text.slice(text.indexOf(CONTENT) + CONTENT.length, -1)
    index.add(step, preview(shown))
    if (body.length === STEPS_PER_CHUNK || bodyChars > CHUNK_CHARS) closeBody(step.ordinal + 1)
  }
  closeBody(episode.steps.length)
  chunks.push(chunk(CHUNK_KIND.stepIndex, 0, JSON.stringify(index.columns)))
  for (let from = 0; from < episode.steps.length; from += STEPS_PER_CHUNK) {
    const lists = episode.steps.slice(from, from + STEPS_PER_CHUNK).map(({ logprobs }) => logprobs)
    if (lists.some((list) => list !== null))
      chunks.push(chunk(CHUNK_KIND.logprobs, from, JSON.stringify(lists)))
  }
  const detail: DetailChunk = {
    instructions: episode.instructions,
    outcomeDetail: episode.outcome.detail,
    agentName: episode.agentName,
    policyName: episode.policyName,
    policyConfig: episode.policyConfig,
  }
  chunks.push(chunk(CHUNK_KIND.detail, 0, JSON.stringify(detail)))
  return chunks
}

export function inflate(content: Uint8Array): string {
  return inflateRawSync(content, { maxOutputLength: INFLATED_BYTES_MAX }).toString('utf8')
}

export const readStepIndex = (content: Uint8Array): StepIndex => JSON.parse(inflate(content))
export const readSteps = (content: Uint8Array): readonly StepBody[] => JSON.parse(inflate(content))
export const readDetail = (content: Uint8Array): DetailChunk => JSON.parse(inflate(content))

/** White space run together, then the first characters. */
export function preview(text: string, length = PREVIEW_CHARS): string {
  const line = text
    .slice(0, length * 4)
    .replace(BLANKS, ' ')
    .trimStart()
  if (line.length <= length) return line
  // Not through the middle of a pair of surrogates.
  const last = line.charCodeAt(length - 1)
  return line.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place on one line
const BLANKS = /[\s\u0000-\u001f\u007f]+/g

const CONTENT = ',"content":'

/** A step without its log probabilities, the content last. Field by field: it is written millions of times. */
function stepText(step: Step): string {
  return JSON.stringify({
    ordinal: step.ordinal,
    parent: step.parent,
    kind: step.kind,
    name: step.name,
    callId: step.callId,
    startedAt: step.startedAt,
    durationMs: step.durationMs,
    inputTokens: step.inputTokens,
    outputTokens: step.outputTokens,
    error: step.error,
    content: step.content,
  })
}

function indexBuilder(count: number) {
  const positions = new Map<string, number>()
  const columns = {
    count,
    parent: [] as (number | null)[],
    kind: [] as Step['kind'][],
    names: [] as string[],
    name: [] as (number | null)[],
    startedAtMs: [] as (number | null)[],
    durationMs: [] as (number | null)[],
    inputTokens: [] as (number | null)[],
    outputTokens: [] as (number | null)[],
    error: [] as (string | null)[],
    preview: [] as string[],
  } satisfies StepIndex
  const position = (name: string): number => {
    const found = positions.get(name)
    if (found !== undefined) return found
    positions.set(name, columns.names.length)
    return columns.names.push(name) - 1
  }
  return {
    columns,
    add(step: Step, text: string): void {
      columns.parent.push(step.parent)
      columns.kind.push(step.kind)
      columns.name.push(step.name === null ? null : position(step.name))
      columns.startedAtMs.push(step.startedAt === null ? null : Date.parse(step.startedAt))
      columns.durationMs.push(step.durationMs)
      columns.inputTokens.push(step.inputTokens)
      columns.outputTokens.push(step.outputTokens)
      columns.error.push(step.error === null ? null : preview(step.error))
      columns.preview.push(text)
    },
  }
}

function chunk(kind: number, ordinal: number, text: string): Chunk {
  const bytes = Buffer.from(text)
  return {
    kind,
    ordinal,
    content:
      bytes.length < STORED_BELOW_BYTES
        ? storedBlock(bytes)
        : deflateRawSync(bytes, bytes.length < SMALL_BYTES ? DEFLATE_SMALL : DEFLATE),
  }
}

/** Level 1: three times as fast as the default, for a tenth more bytes. */
const DEFLATE = { level: 1 }
/** A window no larger than the text: setting the usual one up takes longer than compressing so little. */
const DEFLATE_SMALL = { level: 1, memLevel: 4, windowBits: 12 }
const SMALL_BYTES = 4096
/** Below this, starting a compressor costs more than it saves. */
const STORED_BELOW_BYTES = 1_024

/** One final deflate block that holds the bytes as they are (RFC 1951, 3.2.4). */
function storedBlock(bytes: Buffer): Buffer {
  const block = Buffer.allocUnsafe(5 + bytes.length)
  block[0] = 1
  block.writeUInt16LE(bytes.length, 1)
  block.writeUInt16LE(bytes.length ^ 0xffff, 3)
  bytes.copy(block, 5)
  return block
}
