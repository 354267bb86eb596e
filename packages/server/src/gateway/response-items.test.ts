import { expect, test } from 'vitest'
import { callInItem, itemsOfMessages, messagesOfItems } from './response-items.ts'

const call = { type: 'function_call', call_id: 'a', name: 'refund', arguments: '{"amount":4}' }

test('what one side says in a row is one message, as a chat has it', () => {
  expect(
    messagesOfItems([
      { role: 'developer', content: 'Be kind.' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'reasoning', id: 'rs', summary: [] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'At ' }] },
      { role: 'assistant', content: 'once.' },
      call,
      { type: 'function_call_output', call_id: 'a', output: 'ok' },
      { type: 'item_reference', id: 'msg_1' },
    ]),
  ).toEqual([
    { role: 'developer', content: 'Be kind.' },
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: 'At once.',
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'refund', arguments: '{"amount":4}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: 'ok' },
  ])
})

test('messages of ours go to the model as items', () => {
  const items = [
    { role: 'assistant', content: 'At once.' },
    call,
    { type: 'function_call_output', call_id: 'a', output: 'no' },
  ]
  expect(itemsOfMessages(messagesOfItems(items))).toEqual(items)
})

test.each([
  [
    'a namespace is part of the name',
    { ...call, namespace: 'bank' },
    { id: 'a', tool: 'bank.refund', argumentsText: '{"amount":4}' },
  ],
  [
    'a call that is no function is called after its kind, and its arguments are what it holds',
    { type: 'local_shell_call', id: 'x', call_id: 'b', status: 'completed', action: { command: ['ls'] } },
    { id: 'b', tool: 'local_shell', argumentsText: '{"action":{"command":["ls"]}}' },
  ],
  [
    'a call at another server that a client is asked to allow is a call',
    { type: 'mcp_approval_request', id: 'c', server_label: 'docs', name: 'wipe', arguments: '{}' },
    { id: 'c', tool: 'mcp:docs/wipe', argumentsText: '{}' },
  ],
  [
    'what nobody has told us of is a call',
    { type: 'teleport', id: 'd', to: 'x' },
    { id: 'd', tool: 'teleport', argumentsText: '{"to":"x"}' },
  ],
])('%s', (_, item, read) => {
  expect(callInItem(item)).toEqual({ form: 'function', ...read })
})
