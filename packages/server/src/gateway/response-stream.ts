/**
 * Puts a streamed response together. What it says is passed on at once. From its first call on everything is held, since items
 * are numbered, and so is the reasoning before a call, which a provider does not take back without the call. The end is held, too.
 *
 * A turn may have several answers, the refused ones and the last. To the client they are one response: its items and events
 * are counted on, it begins once, and its end lists all items that were passed on.
 *
 * What is not understood is not passed on. A call is told three or four times in a stream; where these differ, a client might
 * act on another than we decided about.
 */
import { ANSWER_BYTES_MAX } from './answer-bytes.ts'
import { cutAnswer } from './call-upstream.ts'
import { fieldsOf } from './chat-answer.ts'
import { GatewayRefusal } from './openai-error.ts'
import { finished, outputOf, readResponse, spokenItem } from './response-answer.ts'
import { callInItem, type ItemKind, itemKind, withArguments } from './response-items.ts'
import { setMembers } from './set-members.ts'
import type { AnswerEnd, AnswerStream } from './turn-request.ts'

type Fields = Readonly<Record<string, unknown>>

/** What the client has of a turn so far. */
export type Woven = { sequence: number; readonly items: Fields[]; isOpened: boolean }

/** `told`: the response object as the client may see it. */
export type ToldResponse = (response: Fields) => Fields

type Came = { readonly data: string; readonly fields: Fields; readonly place: number | null }
type Item = {
  readonly kind: ItemKind
  item: Fields
  /** Arguments as parts came, and as events told them whole. */
  parts: string
  readonly wholes: string[]
}

const NOTHING = Buffer.alloc(0)
const BEGINNINGS = new Set(['response.created', 'response.queued', 'response.in_progress'])
const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed'])

export function responseStream(woven: Woven, told: ToldResponse): AnswerStream {
  const isFirst = !woven.isOpened
  const offset = woven.items.length
  const items: Item[] = []
  let held: Came[] = []
  let mode: ItemKind = 'speech'
  let last: Fields | null = null
  let length = 0

  const write = ({ data, fields, place }: Came): Buffer => {
    const sequence = woven.sequence++
    const members = {
      sequence_number: sequence,
      ...(place === null ? {} : { output_index: place + offset }),
    }
    return eventBytes(String(fields.type), setMembers(data.replaceAll('\n', ' '), members))
  }
  const pass = (came: Came): Buffer => {
    if (mode === 'speech') return write(came)
    held.push(came)
    return NOTHING
  }
  /** An item begins: with it a text goes on, or everything waits. */
  const begin = (place: number, item: Fields): Buffer => {
    if (place !== items.length) throw new SyntaxError('items of a response are not counted one by one')
    const kind = itemKind(item)
    items.push({ kind, item, parts: '', wholes: [] })
    if (mode === 'call') return NOTHING
    if (kind === 'call') mode = 'call'
    else if (kind === 'reasoning') mode = 'reasoning'
    else {
      mode = 'speech'
      const waited = held
      held = []
      return Buffer.concat(waited.map(write))
    }
    return NOTHING
  }
  const itemEvent = (came: Came, place: number): Buffer => {
    const item = fieldsOf(came.fields.item)
    if (item === null) throw new SyntaxError('an event of an item has no item')
    const known = items[place]
    const isDone = came.fields.type === 'response.output_item.done'
    if (known !== undefined && (!isDone || known.item.type !== item.type))
      throw new SyntaxError('an item becomes another')
    const before = known === undefined ? begin(place, item) : NOTHING
    ;(items[place] as Item).item = item
    if (isDone && items[place]?.kind === 'call') items[place]?.wholes.push(callInItem(item).argumentsText)
    if (mode === 'speech') for (const [at, one] of items.entries()) woven.items[offset + at] = one.item
    return Buffer.concat([before, pass(came)])
  }
  const partEvent = (came: Came, place: number): Buffer => {
    const known = items[place]
    if (known === undefined) throw new SyntaxError('an event is about no item')
    const { type, delta, arguments: given, input } = came.fields
    const isOfCall = /^response\.(function_call_arguments|custom_tool_call_input)\./.test(String(type))
    if (isOfCall && known.kind !== 'call') throw new SyntaxError('arguments are of no call')
    if (isOfCall && typeof delta === 'string') known.parts += delta
    const whole = given ?? input
    if (isOfCall && typeof whole === 'string') known.wholes.push(whole)
    return pass(came)
  }

  return {
    push({ bytes, data, isOdd }) {
      if (last !== null) return NOTHING
      if (isOdd) throw new SyntaxError('a line of the stream is not one of server-sent events')
      length += bytes.length
      if (length > ANSWER_BYTES_MAX)
        throw new RangeError(`an answer is longer than ${ANSWER_BYTES_MAX} bytes`)
      if (data === null) return bytes
      const fields = fieldsOf(JSON.parse(data))
      const type = fields?.type
      if (fields === null || typeof type !== 'string') throw new SyntaxError('an event has no type')
      for (const [, named] of bytes.toString().matchAll(/^event:(.*)$/gm))
        if (named?.trim() !== type) throw new SyntaxError('an event has two types')
      if (type === 'error') throw new GatewayRefusal(502, 'upstream_failed', 'The model failed.')
      const response = fieldsOf(fields.response)
      if (BEGINNINGS.has(type)) {
        if (!isFirst || response === null) return NOTHING
        woven.isOpened = true
        return write({ ...cameOf({ ...fields, response: told({ ...response, output: [] }) }), place: null })
      }
      if (ENDS.has(type)) {
        if (response === null) throw new SyntaxError('the end of a response has no response')
        last = fields
        return NOTHING
      }
      const place = Number.isInteger(fields.output_index) ? (fields.output_index as number) : null
      // Of kinds that nobody has told us of, and about no item: left out.
      if (place === null) return NOTHING
      const came = { data, fields, place }
      return type === 'response.output_item.added' || type === 'response.output_item.done'
        ? itemEvent(came, place)
        : partEvent(came, place)
    },
    isWhole: () => last !== null,
    read() {
      if (last === null) throw cutAnswer()
      const response = fieldsOf(last.response) as Fields
      const settled = items.map(settledItem)
      for (const [at, item] of outputOf(response).entries())
        if (itemKind(item) === 'call' && !isSameCall(item, settled[at]))
          throw new SyntaxError('the end of a response has another call than the response')
      const answer = readResponse({ ...response, output: settled })
      // Whatever was to be done, the provider has given it up.
      if (last.type === 'response.failed' && answer.calls.length > 0) throw cutAnswer()
      return { answer, end: endOf(response, settled) }
    },
  }

  function endOf(response: Fields, settled: readonly Fields[]): AnswerEnd {
    const before = woven.items.slice(0, offset)
    const end = (type: string, output: readonly unknown[], whole = response): Buffer =>
      write({ ...cameOf({ type, response: told({ ...whole, output }) }), place: null })
    const type = String(last?.type)
    return {
      asItCame: () => Buffer.concat([...held.map(write), end(type, [...before, ...outputOf(response)])]),
      changed(argumentsTexts) {
        const callPlaces = settled.flatMap((item, place) => (itemKind(item) === 'call' ? [place] : []))
        const texts = new Map(callPlaces.map((place, at) => [place, argumentsTexts[at] ?? null]))
        const events = held.flatMap((came) => {
          const text = texts.get(came.place ?? -1) ?? null
          return text === null ? [came] : changedEvents(came, text)
        })
        const output = outputOf(response).map((item, place) => {
          const text = texts.get(place) ?? null
          return text === null ? item : withArguments(item, text)
        })
        return Buffer.concat([...events.map(write), end(type, [...before, ...output])])
      },
      spoken(text) {
        const item = spokenItem(text)
        const [part] = item.content
        const own = { output_index: woven.items.length - offset, item_id: item.id, content_index: 0 }
        const output_index = own.output_index
        const events = [
          {
            type: 'response.output_item.added',
            output_index,
            item: { ...item, status: 'in_progress', content: [] },
          },
          { type: 'response.content_part.added', ...own, part: { ...part, text: '' } },
          { type: 'response.output_text.delta', ...own, delta: text, logprobs: [] },
          { type: 'response.output_text.done', ...own, text, logprobs: [] },
          { type: 'response.content_part.done', ...own, part },
          { type: 'response.output_item.done', output_index, item },
        ]
        return Buffer.concat([
          ...events.map((fields) => write({ ...cameOf(fields), place: output_index })),
          end('response.completed', [...woven.items, item], finished(response, [])),
        ])
      },
    }
  }
}

/** Throws SyntaxError where its arguments were told in two ways. */
function settledItem({ kind, item, parts, wholes }: Item): Fields {
  if (kind !== 'call') return item
  const last = wholes.at(-1)
  // Cut off by a limit of length: what came is all there is.
  if (last === undefined) return parts === '' ? item : withArguments(item, parts)
  if (wholes.some((one) => one !== last) || (parts !== '' && parts !== last))
    throw new SyntaxError('the arguments of a call differ within its stream')
  return item
}

function isSameCall(one: Fields, other: Fields | undefined): boolean {
  return (
    other !== undefined &&
    one.type === other.type &&
    JSON.stringify(callInItem(one)) === JSON.stringify(callInItem(other))
  )
}

/** An event about a call whose arguments are others. */
function changedEvents({ fields, place }: Came, argumentsText: string): readonly Came[] {
  const type = String(fields.type)
  const item = fieldsOf(fields.item)
  const as = (changes: Fields): Came => ({ ...cameOf({ ...fields, ...changes }), place })
  if (item !== null) {
    // Of a function's call the arguments come in parts after it has begun.
    const begins = type.endsWith('.added') && /^(function|custom_tool)_call$/.test(String(item.type))
    return [as({ item: withArguments(item, begins ? '' : argumentsText) })]
  }
  if (type.endsWith('.delta')) return []
  const name = fields.input === undefined ? 'arguments' : 'input'
  if (fields[name] === undefined) return [as({})]
  const { [name]: _, ...rest } = fields
  const delta = { ...rest, type: type.replace(/done$/, 'delta'), delta: argumentsText }
  return [{ ...cameOf(delta), place }, as({ [name]: argumentsText })]
}

const cameOf = (fields: Fields) => ({ data: JSON.stringify(fields), fields })

function eventBytes(type: string, data: string): Buffer {
  return Buffer.from(`event: ${type}\ndata: ${data}\n\n`)
}
