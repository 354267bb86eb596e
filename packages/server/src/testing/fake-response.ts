/** What a scripted upstream answers in OpenAI's responses, whole or as the text of a stream. */

export type ScriptedAnswer = {
  readonly text?: string
  readonly calls?: readonly { readonly tool: string; readonly arguments: unknown; readonly id?: string }[]
  /** Of a response, before its text. */
  readonly reasoning?: string
  /** Of a response, between its text and its calls, as they are. */
  readonly items?: readonly Readonly<Record<string, unknown>>[]
}

const USAGE = { input_tokens: 12, output_tokens: 5, total_tokens: 17 }

export function fakeResponse(
  reply: ScriptedAnswer,
  { model, ...asked }: Readonly<Record<string, unknown>> & { readonly model: string },
  id: string,
): Readonly<Record<string, unknown>> {
  return {
    id,
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: asked.instructions ?? null,
    temperature: asked.temperature ?? 1,
    previous_response_id: asked.previous_response_id ?? null,
    model,
    output: itemsOf(reply),
    usage: USAGE,
  }
}

function itemsOf({ text, calls = [], reasoning, items = [] }: ScriptedAnswer) {
  const called = calls.map((call, at) => ({
    id: `fc_${at}`,
    type: 'function_call',
    status: 'completed',
    call_id: call.id ?? `call_${at}`,
    name: call.tool,
    arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }))
  const thought = { id: 'rs_0', type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] }
  const said = {
    id: 'msg_0',
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: [] }],
  }
  return [
    ...(reasoning === undefined ? [] : [thought]),
    ...(text === undefined ? [] : [said]),
    ...items,
    ...called,
  ] as readonly Readonly<Record<string, unknown>>[]
}

export function fakeResponseStream(response: Readonly<Record<string, unknown>>): string {
  let sequence = 0
  const event = (type: string, fields: unknown) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...(fields as object) })}\n\n`
  const begun = { ...response, status: 'in_progress', output: [], usage: null }
  const output = response.output as readonly Readonly<Record<string, unknown>>[]
  return [
    event('response.created', { response: begun }),
    event('response.in_progress', { response: begun }),
    ...output.flatMap((item, output_index) => itemEvents(item, output_index, event)),
    event('response.completed', { response }),
  ].join('')
}

function itemEvents(
  item: Readonly<Record<string, unknown>>,
  output_index: number,
  event: (type: string, fields: unknown) => string,
): readonly string[] {
  const own = { output_index, item_id: item.id }
  const done = event.bind(null, 'response.output_item.done')
  const added = (less: Readonly<Record<string, unknown>>) =>
    event('response.output_item.added', { output_index, item: { ...item, ...less } })
  if (item.type === 'message') {
    const [part] = item.content as readonly { readonly text: string }[]
    const place = { ...own, content_index: 0 }
    const text = part?.text ?? ''
    return [
      added({ status: 'in_progress', content: [] }),
      event('response.content_part.added', { ...place, part: { ...part, text: '' } }),
      ...text
        .split(/(?<= )/)
        .map((delta) => event('response.output_text.delta', { ...place, delta, logprobs: [] })),
      event('response.output_text.done', { ...place, text, logprobs: [] }),
      event('response.content_part.done', { ...place, part }),
      done({ output_index, item }),
    ]
  }
  if (item.type !== 'function_call') return [added({}), done({ output_index, item })]
  const text = String(item.arguments)
  return [
    added({ status: 'in_progress', arguments: '' }),
    ...[text.slice(0, 3), text.slice(3)].map((delta) =>
      event('response.function_call_arguments.delta', { ...own, delta }),
    ),
    event('response.function_call_arguments.done', { ...own, arguments: text }),
    done({ output_index, item }),
  ]
}
