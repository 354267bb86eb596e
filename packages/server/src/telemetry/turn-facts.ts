/**
 * What is told of a turn by the semantic conventions for generative AI (v0.1.0, in development), and of its decisions under our own
 * names, since there are none yet. No words: neither of a conversation nor of arguments nor of reasons. What a model wrote and stands
 * here all the same (names of tools, ids) is bounded.
 */
import type { AttributeValue } from '@opentelemetry/api'
import { type TurnRecord, tokensOf, toolName } from '../gateway/turn-record.ts'

export type Facts = Readonly<Record<string, AttributeValue>>

export type DecidedCall = { readonly tool: string; readonly facts: Facts }

export type TurnFacts = {
  readonly name: string
  readonly facts: Facts
  /** Those of its facts by which durations and tokens are summed up: few values each. */
  readonly measuredBy: Facts
  readonly tokens: { readonly input: number; readonly output: number } | null
  readonly calls: readonly DecidedCall[]
  /** Null where it was served. */
  readonly errorType: string | null
}

/** The gateway asks in OpenAI's protocol, whoever answers. */
const PROVIDER = 'openai'

/** Null for what an MCP server returned: its call was told when it was decided about. */
export function turnFacts(turn: TurnRecord): TurnFacts | null {
  const { rounds, agent, outcome } = turn
  // MCP calls have no history here.
  const isCall = turn.steps === null
  if (isCall && rounds.length === 0) return null
  const last = rounds.at(-1)
  const answer = last?.answer ?? null
  const calls = callsOf(turn)
  const errorType =
    outcome === 'failed' ? String(last?.status ?? 'no_answer') : outcome === 'aborted' ? 'aborted' : null
  const { input_tokens: input, output_tokens: output } = tokensOf(rounds)
  const operation = isCall ? 'execute_tool' : 'chat'
  const measuredBy = defined({
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': isCall ? null : PROVIDER,
    'gen_ai.request.model': isCall ? null : agent,
    'gen_ai.response.model': bounded(answer?.model ?? null),
    'error.type': errorType,
  })
  return {
    name: `${operation} ${isCall ? (calls[0]?.tool ?? '') : agent}`.trim(),
    facts: defined({
      ...measuredBy,
      'gen_ai.agent.id': turn.agentId,
      'gen_ai.agent.name': agent,
      'gen_ai.conversation.id': bounded(turn.conversation),
      'gen_ai.response.id': bounded(answer?.id ?? null),
      'gen_ai.response.finish_reasons': finishReasons(answer?.choices ?? []),
      'gen_ai.usage.input_tokens': input,
      'gen_ai.usage.output_tokens': output,
      'gen_ai.tool.name': isCall ? (calls[0]?.tool ?? null) : null,
      'leeway.turn.id': turn.id,
      'leeway.turn.outcome': outcome,
      'leeway.turn.answers': rounds.length,
      'leeway.turn.usd': turn.usd ?? null,
      'leeway.policy.id': turn.policyId,
      'leeway.policy.role': turn.role,
      'leeway.contract.version': turn.contractVersion,
    }),
    measuredBy,
    tokens: input === null || output === null ? null : { input, output },
    calls,
    errorType,
  }
}

function callsOf({ rounds }: TurnRecord): readonly DecidedCall[] {
  return rounds.flatMap(({ answer, decisions, hold }) =>
    decisions.map(({ outcome, rule, stakes }, at) => {
      const call = answer?.calls[at]
      const tool = toolName(call?.tool ?? '')
      return {
        tool,
        facts: defined({
          'gen_ai.tool.name': tool,
          'gen_ai.tool.type': 'function',
          'gen_ai.tool.call.id': bounded(call?.id ?? null),
          'leeway.decision.outcome': outcome,
          'leeway.decision.rule': rule,
          'leeway.decision.stakes': stakes,
          'leeway.hold.answer': outcome === 'hold' ? (hold?.kind ?? null) : null,
        }),
      }
    }),
  )
}

function finishReasons(choices: readonly { readonly finishReason: string | null }[]): string[] | null {
  const known = choices.flatMap(({ finishReason }) => bounded(finishReason) ?? [])
  return known.length === 0 ? null : known
}

const TEXT_MAX = 200
const bounded = (text: string | null) => (text === null ? null : text.slice(0, TEXT_MAX))

function defined(facts: Readonly<Record<string, AttributeValue | null>>): Facts {
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, AttributeValue] => fact[1] !== null),
  )
}
