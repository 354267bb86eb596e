import type { Json } from '../episode.ts'
import type { DraftResult } from '../episode-draft.ts'
import { asArray, asObject, firstMember, type JsonObject, member, textMember } from '../json-field.ts'
import { type Refused, refused } from '../record-problem.ts'
import { readConversation } from './conversation.ts'
import type { EpisodeFormat } from './format.ts'

/**
 * OpenAI chat messages: one `{"messages": [...]}` per line, or the bare list of messages per line.
 *
 * Beside the messages, all optional, at the top or inside `metadata` (the top wins):
 * `id`, `task` (or `task_id`, `taskKey`), `trial`, `user`, `session`, `agent`, `policy` (a name, or the
 * configuration with a `name` in it), `started_at`, and the outcome as one of `reward`, `success`, `outcome`
 * (a number from 0 to 1, true or false; `outcome` also as `{success, severe, detail}`).
 * Two of them that disagree are refused. `instructions` may say what was asked; the first user message does otherwise.
 */
export const openaiChat: EpisodeFormat = {
  name: 'openai-chat',
  looksLike: 'OpenAI chat messages: one {messages: [{role, content}]} or one bare list of messages per line',
  recognise(record) {
    const messages = asArray(record) ?? asArray(member(asObject(record), 'messages'))
    if (messages === null) return false
    // Without a single role it is some other list; an empty list is a conversation only under its key.
    return messages.length === 0
      ? asObject(record) !== null
      : messages.some((message) =>
          ['role', 'type'].some((key) => member(asObject(message), key) !== undefined),
        )
  },
  read(record) {
    return [readLine(record)]
  },
}

function readLine(record: Json): DraftResult {
  const object = asObject(record) ?? {}
  const messages = asArray(record) ?? asArray(member(object, 'messages'))
  if (messages === null) {
    return refused({
      field: 'messages',
      reason: 'messages is not a list.',
      expected: 'A list of chat messages.',
      fix: 'Write {"messages": [{"role": "user", "content": "…"}, …]}.',
    })
  }
  const conversation = readConversation(messages, asArray(record) === null ? 'messages' : '')
  if (!conversation.ok) return conversation
  const outcome = readOutcome(object)
  if (!outcome.ok) return outcome
  const find = finder(object)
  const policy = find('policy', 'policy_name', 'policyName')
  const policyObject = asObject(policy.value)
  const task = find('task_id', 'taskKey', 'task_key', 'task')
  const id = find('id', 'conversation_id')
  const user = find('user', 'user_id', 'userKey')
  const session = find('session', 'session_id', 'sessionKey')
  const agent = find('agent', 'agent_name', 'agentName')
  const trial = find('trial')
  const started = find('started_at', 'startedAt', 'timestamp')
  const firstUser = conversation.turns.find((turn) => turn.kind === 'user')?.content
  const said = typeof firstUser === 'string' ? firstUser : ''
  return {
    ok: true,
    draft: {
      sourceId: id.value,
      taskKey:
        asObject(task.value) === null ? task.value : firstMember(asObject(task.value), ['id', 'key', 'name']),
      instructions:
        textMember(object, 'instructions', 'instruction') ??
        textMember(asObject(task.value), 'instructions', 'instruction') ??
        said,
      trial: trial.value,
      userKey: user.value,
      sessionKey: session.value,
      startedAt: started.value,
      steps: conversation.turns,
      stepPath: conversation.stepPath,
      success: outcome.success,
      severe: outcome.severe,
      detail: outcome.detail,
      agentName: agent.value,
      policyName: policyObject === null ? policy.value : member(policyObject, 'name'),
      policyConfig: policyObject === null ? find('policyConfig', 'policy_config').value : policyObject,
      paths: {
        sourceId: id.path,
        taskKey: task.path,
        trial: trial.path,
        userKey: user.path,
        sessionKey: session.path,
        startedAt: started.path,
        agentName: agent.path,
        policyName: policy.path,
        steps: 'messages',
        success: outcome.path,
        severe: 'outcome.severe',
        detail: 'outcome.detail',
      },
    },
  }
}

/** Finds a member at the top of a record or in its `metadata`, and says where it was. */
function finder(object: JsonObject) {
  const metadata = asObject(member(object, 'metadata'))
  return (...keys: readonly string[]): { readonly value: Json | undefined; readonly path: string } => {
    for (const [from, prefix] of [
      [object, ''],
      [metadata, 'metadata.'],
    ] as const) {
      for (const key of keys) {
        const value = member(from, key)
        if (value !== undefined && value !== null) return { value, path: `${prefix}${key}` }
      }
    }
    return { value: undefined, path: keys[0] as string }
  }
}

type OutcomeRead = {
  readonly ok: true
  readonly success: Json | undefined
  readonly severe: Json | undefined
  readonly detail: Json | undefined
  readonly path: string
}

function readOutcome(object: JsonObject): OutcomeRead | Refused {
  const metadata = asObject(member(object, 'metadata'))
  const found = ['reward', 'success', 'outcome'].flatMap((key) => {
    const value = member(object, key) ?? member(metadata, key)
    return value === undefined || value === null ? [] : [{ key, value }]
  })
  const whole = asObject(found.find(({ key }) => key === 'outcome')?.value)
  const claims = found.flatMap(({ key, value }) => {
    if (value !== whole) return [{ path: key, value }]
    const inner = firstMember(whole, ['success', 'reward'])
    return inner === undefined ? [] : [{ path: 'outcome.success', value: inner }]
  })
  const [first] = claims
  const other = claims.find(({ value }) => Number(value) !== Number(first?.value))
  if (first !== undefined && other !== undefined) {
    return refused({
      field: other.path,
      reason: `${other.path} says ${JSON.stringify(other.value).slice(0, 40)}, but ${first.path} says ${JSON.stringify(first.value).slice(0, 40)}.`,
      expected: 'One outcome for one episode.',
      fix: 'Keep the one the environment reported and remove the other.',
    })
  }
  return {
    ok: true,
    success: first?.value,
    severe: member(whole, 'severe') ?? member(object, 'severe'),
    detail: member(whole, 'detail'),
    path: first?.path ?? 'reward',
  }
}
