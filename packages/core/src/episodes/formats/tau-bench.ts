import type { Json } from '../episode.ts'
import type { DraftResult } from '../episode-draft.ts'
import { asArray, asObject, member, textMember } from '../json-field.ts'
import { type RecordProblem, refused } from '../record-problem.ts'
import { readConversation } from './conversation.ts'
import type { EpisodeFormat } from './format.ts'

/**
 * Result files of τ-bench: a list of `{task_id, reward, info, traj, trial}`.
 *
 * The task is `task_id`. `trial` is kept, but there it equals the number of the task, so nothing may pair by it.
 * The user named in `info.task` is part of the task and not a unit of its own: it is not taken as the user key,
 * or tasks of one simulated customer would be averaged. `reward` is a trusted outcome: the environment compares
 * the final state of its database. `info` is kept whole as the outcome's detail; `records` (the notes of one
 * agent implementation) is not read.
 */
export const tauBench: EpisodeFormat = {
  name: 'tau-bench',
  looksLike: 'τ-bench results: a list of {task_id, reward, traj, info, trial}',
  recognise(record) {
    const object = asObject(record)
    return member(object, 'task_id') !== undefined && member(object, 'traj') !== undefined
  },
  read(record) {
    return [readResult(record)]
  },
}

function readResult(record: Json): DraftResult {
  const object = asObject(record)
  const taskId = member(object, 'task_id')
  if (typeof taskId !== 'number' && (typeof taskId !== 'string' || taskId === '')) {
    return refused(
      problem('task_id', 'The task has no number.', 'A number or text.', 'Write which task it was.'),
    )
  }
  const messages = asArray(member(object, 'traj'))
  if (messages === null) {
    return refused(
      problem(
        'traj',
        'traj is not a list.',
        'The list of messages, [] if there are none.',
        'Export the run again.',
      ),
    )
  }
  if (member(object, 'reward') === undefined) {
    return refused(
      problem(
        'reward',
        'There is no reward.',
        'A number from 0 to 1, or null.',
        'Write null if it was not measured.',
      ),
    )
  }
  const conversation = readConversation(messages, 'traj')
  if (!conversation.ok) return conversation
  const info = member(object, 'info') ?? null
  return {
    ok: true,
    draft: {
      taskKey: taskId,
      trial: member(object, 'trial'),
      instructions: textMember(asObject(member(asObject(info), 'task')), 'instruction'),
      steps: conversation.turns,
      stepPath: conversation.stepPath,
      success: member(object, 'reward'),
      detail: info,
      paths: {
        taskKey: 'task_id',
        success: 'reward',
        detail: 'info',
        steps: 'traj',
        instructions: 'info.task.instruction',
      },
    },
  }
}

function problem(field: string, reason: string, expected: string, fix: string): RecordProblem {
  return { field, reason, expected, fix }
}
