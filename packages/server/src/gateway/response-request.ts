/**
 * A response that is asked for. What the gateway need not know is passed on unread.
 *
 * The id of a response names its conversation: the provider's id, and behind it the conversation's name. A client that goes on
 * from it is known by every process, whatever that process remembers.
 */
import type { Json } from '@leeway/core/episodes/episode'
import type { Serving } from './bundle.ts'
import { fieldsOf } from './chat-answer.ts'
import { historyOf } from './conversations.ts'
import { hostedTools } from './hosted-tools.ts'
import { GatewayRefusal } from './openai-error.ts'
import { finished, outputOf, readResponse, spokenItem } from './response-answer.ts'
import { itemKind, itemsOfMessages, messagesOfItems, withArguments } from './response-items.ts'
import { responseStream, type ToldResponse, type Woven } from './response-stream.ts'
import { setMembers } from './set-members.ts'
import { type AnswerReader, nameIn, type Protocol, requestFields, type TurnRequest } from './turn-request.ts'

type Fields = Readonly<Record<string, unknown>>

const REMEMBERED_MAX = 10_000

export function responses(): Protocol {
  /** Ids with which streams began, and the provider's id of what stands at their end, where calls were refused between. */
  const wentOn = new Map<string, string>()
  return {
    path: '/responses',
    read: (text, header) => readResponseRequest(text, header, wentOn),
    streamError: (error) =>
      Buffer.from(`event: error\ndata: ${JSON.stringify({ ...error, type: 'error', error })}\n\n`),
  }
}

/** Throws GatewayRefusal. */
function readResponseRequest(
  text: string,
  header: string | undefined,
  wentOn: Map<string, string>,
): TurnRequest {
  const { fields, agent } = requestFields(text)
  if (fields.background === true)
    throw new GatewayRefusal(
      400,
      'unsupported_parameter',
      'background is not served here: nobody would hold the calls of an answer that is fetched later.',
      { param: 'background' },
    )
  const items = inputItems(fields.input)
  const previous = typeof fields.previous_response_id === 'string' ? fields.previous_response_id : null
  const known = previous === null ? null : readId(previous)
  const kept = keptConversation(fields.conversation)
  const continues = previous !== null || kept !== null
  const { instructions } = fields
  const system =
    typeof instructions === 'string' && !continues ? [{ role: 'system', content: instructions }] : []
  const history = historyOf([...system, ...messagesOfItems(items)])
  return {
    agent,
    history,
    continues,
    stream: fields.stream === true,
    choices: 1,
    user: nameIn(fields.user) ?? nameIn(fields.safety_identifier),
    conversation:
      nameIn(header) ??
      nameIn(fieldsOf(fields.metadata)?.conversation_id) ??
      kept ??
      known?.conversation ??
      null,
    hosted: ({ set }) => hostedTools(fields, set, items),
    forModel: ({ set, model }, told) =>
      setMembers(text, {
        ...set,
        model,
        ...(known === null ? {} : { previous_response_id: wentOn.get(known.id) ?? known.id }),
        ...(told.length === 0 ? {} : { input: [...items, ...itemsOfMessages(told)] }),
      }),
    answers: (conversation) => answerReader(fields, conversation, wentOn),
  }
}

/** Throws GatewayRefusal. */
function inputItems(input: unknown): readonly (Fields & Json)[] {
  if (input === undefined || input === null) return []
  if (typeof input === 'string') return [{ role: 'user', content: input }]
  const items = Array.isArray(input) ? input.map(fieldsOf) : [null]
  if (items.every((item) => item !== null)) return items as readonly (Fields & Json)[]
  throw new GatewayRefusal(400, 'invalid_input', 'input must be a text or a list of items.', {
    param: 'input',
  })
}

/** A conversation that the provider keeps is the same here. */
function keptConversation(value: unknown): string | null {
  return nameIn(value) ?? nameIn(fieldsOf(value)?.id)
}

function answerReader(fields: Fields, conversation: string, wentOn: Map<string, string>): AnswerReader {
  const woven: Woven = { sequence: 0, items: [], isOpened: false }
  let firstId: string | null = null
  /** Members of a response that would tell whose it is, as the client knows them. */
  const ownMembers = (response: Fields, { set }: Serving): Fields => ({
    model: fields.model,
    ...(typeof response.id === 'string' ? { id: namedId(response.id, conversation) } : {}),
    ...Object.fromEntries(
      [...Object.keys(set), 'previous_response_id']
        .filter((name) => Object.hasOwn(response, name))
        .map((name) => [name, fields[name] ?? null]),
    ),
  })
  return {
    whole(body, serving) {
      const response = fieldsOf(JSON.parse(body))
      if (response === null) throw new SyntaxError('the answer is no response')
      const answer = readResponse(response)
      const members = ownMembers(response, serving)
      return {
        answer,
        end: {
          asItCame: () => setMembers(body, members),
          changed(argumentsTexts) {
            let at = 0
            const output = outputOf(response).map((item) => {
              const text = itemKind(item) === 'call' ? (argumentsTexts[at++] ?? null) : null
              return text === null ? item : withArguments(item, text)
            })
            return JSON.stringify({ ...response, ...members, output })
          },
          spoken: (text) => JSON.stringify({ ...finished(response, [spokenItem(text)]), ...members }),
        },
      }
    },
    stream(serving) {
      const told: ToldResponse = (response) => {
        if (typeof response.id === 'string') {
          firstId ??= response.id
          if (firstId !== response.id) wentOn.set(firstId, response.id)
          const oldest = wentOn.size > REMEMBERED_MAX ? wentOn.keys().next() : null
          if (oldest !== null && !oldest.done) wentOn.delete(oldest.value)
        }
        return { ...response, ...ownMembers(response, serving) }
      }
      return responseStream(woven, told)
    },
  }
}

/** No character of it stands in a name that is written in base64url. */
const MARK = '.lw.'

const namedId = (id: string, conversation: string) =>
  `${id}${MARK}${Buffer.from(conversation).toString('base64url')}`

function readId(named: string): { readonly id: string; readonly conversation: string | null } {
  const at = named.lastIndexOf(MARK)
  if (at === -1) return { id: named, conversation: null }
  const name = Buffer.from(named.slice(at + MARK.length), 'base64url').toString('utf8')
  return { id: named.slice(0, at), conversation: nameIn(name) }
}
