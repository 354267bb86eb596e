import type { Json, Step, StepKind } from '@leeway/core/episodes/episode'
import { createCustomer } from './customer.ts'
import type { Heard, Question, Statement } from './moves.ts'
import { phraseMove } from './phrase-agent.ts'
import type { Request } from './request.ts'
import type { Rng } from './rng.ts'
import type { Store } from './store.ts'
import type { ToolArguments, ToolResult } from './tool.ts'
import { callTool } from './tools.ts'

/**
 * All that an agent can do and see: call tools, talk to the customer, think aloud. Each act is written down as a
 * step with a simulated duration and token count; the clock of the episode is the sum of the durations.
 */
export type Desk = {
  readonly ticketId: string
  readonly call: (tool: string, args: ToolArguments) => ToolResult
  /** Says it and waits for the answer. */
  readonly ask: (question: Question) => Heard
  /** Says it together with whatever is said next. */
  readonly tell: (statement: Statement) => void
  readonly think: (text: string) => void
  /** Messages of the customer so far. */
  readonly turns: () => number
}

export type Conversation = {
  readonly desk: Desk
  /** The customer's first message. */
  readonly opening: Heard
  /** Says what is still unsaid and gives the record. */
  readonly finish: () => { readonly steps: readonly Step[]; readonly durationMs: number }
}

/** @param startedAtMs milliseconds since 1970, UTC. */
export function openConversation(
  request: Request,
  store: Store,
  before: Store,
  rngs: { readonly customer: Rng; readonly agent: Rng },
  instructions: string,
  startedAtMs: number,
): Conversation {
  const steps: Step[] = []
  const unsaid: string[] = []
  let elapsedMs = 0
  let contextTokens = 0
  let turns = 0
  let calls = 0
  const wording = rngs.agent.split('wording')
  const pace = rngs.agent.split('pace')
  const customer = createCustomer(request, before, rngs.customer)

  const write = (
    kind: StepKind,
    content: Json,
    tokens: number,
    durationMs: number,
    more: Partial<Pick<Step, 'name' | 'callId' | 'error'>> = {},
  ): void => {
    const generated = kind === 'assistant' || kind === 'tool_call' || kind === 'reasoning'
    const spentMs = Math.round(durationMs)
    steps.push({
      ordinal: steps.length,
      parent: null,
      kind,
      name: null,
      content,
      callId: null,
      startedAt: new Date(startedAtMs + elapsedMs).toISOString(),
      durationMs: spentMs,
      inputTokens: generated ? contextTokens : null,
      outputTokens: generated ? tokens : null,
      error: null,
      logprobs: null,
      ...more,
    })
    elapsedMs += spentMs
    contextTokens += tokens
  }
  const generate = (kind: 'assistant' | 'reasoning', text: string): void => {
    const tokens = tokensOf(text)
    write(kind, text, tokens, 250 + tokens * (14 + 6 * pace.next()))
  }
  const speak = (text: string): void => {
    unsaid.push(text)
    generate('assistant', unsaid.join(' '))
    unsaid.length = 0
  }
  const listen = (heard: Heard): Heard => {
    turns += 1
    const tokens = tokensOf(heard.text)
    write('user', heard.text, tokens, 4_000 + tokens * (250 + 250 * pace.next()))
    return heard
  }

  write('system', instructions, tokensOf(instructions), 0)
  const desk: Desk = {
    ticketId: request.ticketId,
    turns: () => turns,
    think: (text) => generate('reasoning', text),
    tell: (statement) => {
      customer.hear(statement)
      unsaid.push(phraseMove(statement, wording))
    },
    ask: (question) => {
      speak(phraseMove(question, wording))
      return listen(customer.answer(question))
    },
    call: (name, args) => {
      calls += 1
      const callId = `call-${calls}`
      const tokens = 18 + 7 * Object.keys(args).length
      write('tool_call', args, tokens, 300 + tokens * (14 + 6 * pace.next()), { name, callId })
      const result = callTool(store, name, args)
      const timedOut = !result.ok && result.code === 'timeout'
      const answer: Json = result.ok ? result.value : { error: result.code, message: result.message }
      write('tool_result', answer, RESULT_TOKENS, timedOut ? 10_000 : 40 + 160 * pace.next(), {
        name,
        callId,
        error: result.ok ? null : `${result.code}: ${result.message}`,
      })
      return result
    },
  }
  return {
    desk,
    opening: listen(customer.open()),
    finish: () => {
      if (unsaid.length > 0) generate('assistant', unsaid.splice(0).join(' '))
      return { steps, durationMs: elapsedMs }
    },
  }
}

/** A flat guess; counting the tokens of every result would need its JSON text. */
const RESULT_TOKENS = 90

/** Four characters a token, as a rule of thumb for English. */
function tokensOf(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4))
}
