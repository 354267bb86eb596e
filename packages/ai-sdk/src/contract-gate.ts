/**
 * An autonomy contract at work inside the AI SDK: a middleware for the model and a wrapper for its tools.
 *
 *     const gate = contractGate({ contract, onDecision: record })        // one for each conversation
 *     const model = wrapLanguageModel({ model: provider('m'), middleware: gate.middleware })
 *     await generateText({ model, tools: gate.tools({ refund }), … })
 *
 * The middleware sees every answer before the SDK does. Calls that the contract does not allow never leave it: the model is told
 * why, in the form of their results, and answers again. What a person must decide becomes the SDK's own request for an approval.
 * Text streams at once; calls are held until all of an answer are known, and decided together.
 *
 * It enforces what the process it runs in lets it enforce. Code that calls the model unwrapped goes past it; where that must not
 * be, the gateway holds the keys.
 */
import type { LanguageModelMiddleware, ToolSet } from 'ai'
import {
  ASKS,
  type Conversation,
  type GateOptions,
  refusalAfterApproval,
  requireNoneUnseen,
  ruleOn,
} from './decide-response.ts'
import { gatedStream } from './gated-stream.ts'
import type { CallOptions, Content, Generated, Model, Prompt, ToolCall } from './sdk-model.ts'
import { addedUsage } from './usage.ts'

export type ContractGate = {
  readonly middleware: LanguageModelMiddleware
  /** The same tools, which ask a person first where the contract says so. */
  readonly tools: <Tools extends ToolSet>(tools: Tools) => Tools
}

export class ConversationStopped extends Error {
  override readonly name = 'ConversationStopped'
}

/** Throws RangeError for the role of a candidate where the contract grants none. */
export function contractGate(options: GateOptions): ContractGate {
  if (options.contract[options.role ?? 'baseline'] === null)
    throw new RangeError('The contract grants a candidate nothing.')
  const conversation: Conversation = { denials: 0, stopped: false, free: new Set() }
  return {
    middleware: {
      specificationVersion: 'v3',
      async wrapGenerate({ doGenerate, model, params }) {
        begin(options, conversation, params.tools)
        return generate(options, conversation, {
          first: doGenerate,
          again: (prompt) => model.doGenerate({ ...params, prompt }),
          params,
        })
      },
      async wrapStream({ doStream, model, params }) {
        begin(options, conversation, params.tools)
        const { stream, ...rest } = await doStream()
        const again = async (prompt: Prompt) => (await model.doStream({ ...params, prompt })).stream
        return {
          ...rest,
          stream: gatedStream(options, conversation, { stream, again, params }),
        }
      },
    },
    tools: (tools) => {
      const gated = Object.entries(tools).map(([name, tool]) => [
        name,
        askingTool(options, conversation, { name, tool }),
      ])
      return Object.fromEntries(gated) as typeof tools
    },
  }
}

function begin(
  options: GateOptions,
  { stopped }: Conversation,
  tools: Parameters<typeof requireNoneUnseen>[1],
): void {
  if (stopped) throw new ConversationStopped('This conversation was stopped. Begin another one.')
  requireNoneUnseen(options, tools)
}

type SdkTool = ToolSet[string]
type AskingFunction = Exclude<SdkTool['needsApproval'], boolean | undefined>

/** A tool that asks by itself goes on asking. */
function askingTool(
  options: GateOptions,
  { free }: Conversation,
  { name, tool }: { readonly name: string; readonly tool: SdkTool },
): SdkTool {
  const { needsApproval: own, execute } = tool
  const needsApproval: AskingFunction = async (input, call) => {
    if (!free.has(call.toolCallId)) return true
    return typeof own === 'function' ? await own(input as never, call) : own === true
  }
  const asking = { ...tool, needsApproval, providerOptions: { ...tool.providerOptions, ...ASKS } }
  if (execute === undefined) return asking as SdkTool
  const run: typeof execute = (input, call) => {
    const refusal = free.has(call.toolCallId)
      ? null
      : refusalAfterApproval(options, { tool: name, argumentsText: JSON.stringify(input) })
    return refusal === null ? execute(input as never, call) : Promise.resolve(refusal)
  }
  return { ...asking, execute: run } as SdkTool
}

async function generate(
  options: GateOptions,
  conversation: Conversation,
  {
    first,
    again,
    params,
  }: {
    readonly first: () => PromiseLike<Generated>
    readonly again: (prompt: Prompt) => ReturnType<Model['doGenerate']>
    readonly params: CallOptions
  },
): Promise<Generated> {
  let history = params.prompt
  let answer = await first()
  for (;;) {
    const calls = answer.content.filter(isOwnCall)
    if (calls.length === 0) return answer
    const ruling = await ruleOn(
      options,
      conversation,
      { calls, said: textOf(answer.content) },
      { prompt: history, tools: params.tools },
    )
    if (ruling.kind === 'go') {
      const left = [...ruling.calls]
      return {
        ...answer,
        content: answer.content.map((one) => (isOwnCall(one) ? (left.shift() ?? one) : one)),
      }
    }
    if (ruling.kind === 'stop')
      return {
        ...answer,
        content: [...answer.content.filter((one) => !isOwnCall(one)), { type: 'text', text: ruling.said }],
        finishReason: { unified: 'stop', raw: undefined },
      }
    history = [...history, ...ruling.told]
    const { usage } = answer
    answer = await again(history)
    answer = { ...answer, usage: addedUsage(usage, answer.usage) }
  }
}

const isOwnCall = (one: Content): one is ToolCall => one.type === 'tool-call' && one.providerExecuted !== true

const textOf = (content: readonly Content[]) =>
  content.map((one) => (one.type === 'text' ? one.text : '')).join('')
