/** A chat completion that is asked for. What the gateway need not know is passed on unread. */
import type { Json } from '@leeway/core/episodes/episode'
import { changedBody, changedEnd, spokenBody, spokenEnd } from './changed-answer.ts'
import { fieldsOf, readChatAnswer } from './chat-answer.ts'
import { chatStream, sseData } from './chat-stream.ts'
import { historyOf } from './conversations.ts'
import { hostedTools } from './hosted-tools.ts'
import { GatewayRefusal } from './openai-error.ts'
import { setMembers } from './set-members.ts'
import { type AnswerReader, nameIn, type Protocol, requestFields, type TurnRequest } from './turn-request.ts'

export const chatCompletions: Protocol = {
  path: '/chat/completions',
  read: readChatRequest,
  streamError: (error) => sseData({ error }),
}

/** Throws GatewayRefusal. */
function readChatRequest(text: string, header: string | undefined): TurnRequest {
  const { fields, agent } = requestFields(text)
  const { messages } = fields
  if (!Array.isArray(messages) || messages.some((message) => fieldsOf(message) === null))
    throw new GatewayRefusal(400, 'invalid_messages', 'messages must be a list of messages.', {
      param: 'messages',
    })
  const history = historyOf(messages as readonly Json[])
  const includesUsage = fieldsOf(fields.stream_options)?.include_usage === true
  return {
    agent,
    history,
    continues: false,
    stream: fields.stream === true,
    choices: typeof fields.n === 'number' ? fields.n : 1,
    user: nameIn(fields.user),
    conversation: nameIn(header) ?? nameIn(fieldsOf(fields.metadata)?.conversation_id),
    hosted: ({ set }) => hostedTools(fields, set),
    forModel: ({ set, model, usdPerMillion }, told) =>
      setMembers(text, {
        ...set,
        model,
        ...(usdPerMillion !== null && fields.stream === true && !includesUsage
          ? { stream_options: { ...fieldsOf(fields.stream_options), include_usage: true } }
          : {}),
        ...(told.length === 0 ? {} : { messages: [...history.messages, ...told] }),
      }),
    answers: () => answerReader(agent, includesUsage),
  }
}

function answerReader(model: string, includesUsage: boolean): AnswerReader {
  return {
    whole(body) {
      const answer = readChatAnswer(body)
      return {
        answer,
        end: {
          asItCame: () => setMembers(body, { model }),
          changed: (argumentsTexts) => changedBody(setMembers(body, { model }), answer, argumentsTexts),
          spoken: (said) => spokenBody(setMembers(body, { model }), said),
        },
      }
    },
    stream() {
      const stream = chatStream(model, includesUsage)
      return {
        ...stream,
        read() {
          const answer = stream.answer()
          return {
            answer,
            end: {
              asItCame: stream.held,
              changed: (argumentsTexts) =>
                changedEnd({ ...stream.envelope(), model }, answer, argumentsTexts, includesUsage),
              spoken: (said) => spokenEnd({ ...stream.envelope(), model }, answer, said, includesUsage),
            },
          }
        },
      }
    },
  }
}

/** Steps of an episode that the messages make: each says or calls something. */
export function stepsIn(messages: readonly Json[]): number {
  let steps = 0
  for (const message of messages) {
    const calls = fieldsOf(message)?.tool_calls
    steps += 1 + (Array.isArray(calls) ? calls.length : 0)
  }
  return steps
}
