/** What becomes of the calls of one response of the SDK's model, by the contract, and what the gate remembers of a conversation. */
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { decideCalls, type ResponseDecision } from '@leeway/core/autonomy/decide-calls'
import { refusalText } from '@leeway/core/autonomy/refusal-text'
import type { CallOptions, Prompt, ToolCall } from './sdk-model.ts'

export type DecidedResponse = {
  /** 'replace' is what a candidate may not do and its baseline would: here it is refused, because there is no other model. */
  readonly outcome: ResponseDecision['outcome']
  readonly calls: readonly {
    readonly toolCallId: string
    readonly tool: string
    /** As the model wrote them. */
    readonly argumentsText: string
    readonly decision: ResponseDecision['calls'][number]
  }[]
}

export type GateOptions = {
  readonly contract: AutonomyContract
  /** Which of the contract's grants holds; the baseline's when left out. */
  readonly role?: 'baseline' | 'candidate'
  /** Told before any call of the response goes on. When it rejects, none does: what cannot be recorded is not done. */
  readonly onDecision?: (decided: DecidedResponse) => void | Promise<void>
  readonly now?: () => Date
  /** In [0, 1): draws which calls a person decides. */
  readonly uniform?: () => number
}

/** One conversation. */
export type Conversation = {
  denials: number
  stopped: boolean
  /** Ids of calls that may run unasked. Of all others, also those of another process, a person is asked. */
  readonly free: Set<string>
}

export type Ruling =
  | { readonly kind: 'go'; readonly calls: readonly ToolCall[] }
  /** `told`: the results that the model is given in place of the tools'. */
  | { readonly kind: 'refuse'; readonly told: Prompt }
  | { readonly kind: 'stop'; readonly said: string }

const STOPPED = 'This conversation was stopped. Too many calls were not allowed.'

export async function ruleOn(
  options: GateOptions,
  conversation: Conversation,
  { calls, said }: { readonly calls: readonly ToolCall[]; readonly said: string },
  { prompt, tools }: Pick<CallOptions, 'prompt' | 'tools'>,
): Promise<Ruling> {
  const { contract, role = 'baseline', now = () => new Date(), uniform = cryptoUniform } = options
  const decided = decideCalls(
    contract,
    calls.map(({ toolName, input }) => ({ tool: toolName, argumentsText: input })),
    {
      role,
      steps: stepsIn(prompt) + calls.length,
      denials: conversation.denials,
      now: now(),
      outOfTouch: false,
      uniforms: calls.map(() => uniform()),
    },
  )
  const asking = askingTools(tools)
  const canAsk = calls.every(({ toolName }) => asking.has(toolName))
  const goesOn = decided.outcome === 'release' || (decided.outcome === 'hold' && canAsk)
  // What only a baseline or a person could let pass is refused here as well: a model that insists on it is stopped, too.
  const outcome =
    !goesOn && conversation.denials >= contract.limits.denialsMax ? ('stop' as const) : decided.outcome
  await options.onDecision?.({
    outcome,
    calls: calls.map(({ toolCallId, toolName, input }, index) => ({
      toolCallId,
      tool: toolName,
      argumentsText: input,
      decision: decided.calls[index] as ResponseDecision['calls'][number],
    })),
  })
  if (goesOn) {
    // One response is one act: where a person decides about one of its calls, none runs unasked.
    if (decided.outcome === 'release') for (const { toolCallId } of calls) conversation.free.add(toolCallId)
    return {
      kind: 'go',
      calls: calls.map((call, index) => ({
        ...call,
        input: decided.calls[index]?.argumentsText ?? call.input,
      })),
    }
  }
  if (outcome === 'stop') {
    conversation.stopped = true
    return { kind: 'stop', said: STOPPED }
  }
  conversation.denials += 1
  const why =
    decided.outcome === 'hold'
      ? 'A person must decide about it, and nobody can be asked here. Find another way, or say that you cannot.'
      : null
  return { kind: 'refuse', told: refusalOf(calls, said, decided, why) }
}

/**
 * Null when a call that a person approved may run still; otherwise what its model is told. What was approved comes back from a
 * client, and time has passed: it is held to the contract again, but for whether to ask.
 */
export function refusalAfterApproval(
  { contract, role = 'baseline', now = () => new Date() }: GateOptions,
  call: { readonly tool: string; readonly argumentsText: string },
): string | null {
  const { outcome, calls } = decideCalls(contract, [call], {
    role,
    steps: 0,
    denials: 0,
    now: now(),
    outOfTouch: false,
    uniforms: [0],
  })
  if (outcome === 'release' || outcome === 'hold') return null
  return refusalText(calls[0], null)
}

function refusalOf(
  calls: readonly ToolCall[],
  said: string,
  { calls: decisions }: ResponseDecision,
  why: string | null,
): Prompt {
  return [
    {
      role: 'assistant',
      content: [
        ...(said === '' ? [] : [{ type: 'text' as const, text: said }]),
        ...calls.map(({ toolCallId, toolName, input }) => ({
          type: 'tool-call' as const,
          toolCallId,
          toolName,
          input: argumentsIn(input),
        })),
      ],
    },
    {
      role: 'tool',
      content: calls.map(({ toolCallId, toolName }, index) => ({
        type: 'tool-result' as const,
        toolCallId,
        toolName,
        output: { type: 'error-text' as const, value: refusalText(decisions[index], why) },
      })),
    },
  ]
}

/** Some providers take nothing but an object here; what the model wrote otherwise is no arguments. */
function argumentsIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/** Travels with a tool to the model, where the middleware sees that it is a wrapped one. */
export const ASKS = { leeway: { asks: true } } as const

function askingTools(tools: CallOptions['tools']): ReadonlySet<string> {
  const asking = (tools ?? []).filter(
    (tool) => tool.type === 'function' && tool.providerOptions?.leeway?.asks === true,
  )
  return new Set(asking.map(({ name }) => name))
}

/** Messages, and the calls in them: as episodes count. */
function stepsIn(prompt: Prompt): number {
  let steps = 0
  for (const { role, content } of prompt) {
    steps += 1
    if (role === 'assistant') steps += content.filter(({ type }) => type === 'tool-call').length
  }
  return steps
}

/**
 * Tools that run at the provider are over before anybody sees them asked for. So the contract must let any call of them pass
 * unasked: granted, without a review and without terms for the arguments. Throws otherwise, before the model is called.
 */
export function requireNoneUnseen(options: GateOptions, tools: CallOptions['tools']): void {
  const { contract, role = 'baseline', now = () => new Date() } = options
  for (const tool of tools ?? []) {
    if (tool.type !== 'provider') continue
    const { outcome, calls } = decideCalls(contract, [{ tool: tool.name, argumentsText: '' }], {
      role,
      steps: 0,
      denials: 0,
      now: now(),
      outOfTouch: false,
      uniforms: [1 - Number.EPSILON],
    })
    if (outcome === 'release' && calls[0]?.outcome === 'allow') continue
    throw new Error(
      `The tool "${tool.name}" runs at the provider, where no call can be held. The contract must grant it without review and without terms for its arguments, or the agent must do without it.`,
    )
  }
}

function cryptoUniform(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53
}
