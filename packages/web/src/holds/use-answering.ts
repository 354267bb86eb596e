import type { AnswerHold, HoldView } from '@leeway/contract/holds'
import { useRef, useState } from 'react'
import type { z } from 'zod'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { readFailure } from '../api/read-failure.ts'
import { useAnswerHold } from './queries.ts'

type Answer = z.input<typeof AnswerHold>

/** What has just appeared was not read: a second press of a key that was meant for the call before approves nothing. */
const UNSEEN_MS = 500

/** Deciding about one hold: what is asked, and the actions. Mount it anew for each hold. */
export function useAnswering(project: string, view: HoldView, now: number, onAnswered: () => void) {
  const shownAt = useRef(performance.now())
  const [asking, setAsking] = useState<Exclude<Answer['kind'], 'approved'> | null>(null)
  const [isConfirming, setConfirming] = useState(false)
  const answer = useAnswerHold(project, view.id)
  const lookedMs = () => Math.round(performance.now() - shownAt.current)
  const cancel = () => {
    setAsking(null)
    setConfirming(false)
    answer.reset()
  }
  const send = (wanted: Answer) => {
    if (answer.isPending) return
    answer.mutate(wanted.kind === 'escalated' ? wanted : { ...wanted, lookedMs: lookedMs() }, {
      onSuccess: () => {
        setAsking(null)
        if (wanted.kind !== 'escalated') onAnswered()
      },
      onError: (error) => {
        // What stands now is on the page beneath.
        if (readFailure(error).code === 'conflict') setAsking(null)
      },
      onSettled: () => setConfirming(false),
    })
  }
  const approve = () => {
    if (lookedMs() < UNSEEN_MS) return
    const isGrave = view.stakes === 'costly' || view.stakes === 'irreversible'
    if (isGrave && !isConfirming) setConfirming(true)
    else send({ kind: 'approved' })
  }
  const unavailable =
    view.answer !== null
      ? 'It is decided'
      : view.text === null
        ? 'Its words are gone'
        : Date.parse(view.expiresAt) <= now
          ? 'Its time is over'
          : undefined
  const group = 'This page' as const
  const ask = (kind: keyof typeof ASKS | 'edited') => () => {
    cancel()
    setAsking(kind)
  }
  const actions = {
    approve: {
      id: 'approve',
      title: isConfirming ? 'Carry it out' : 'Approve',
      group,
      keys: ['a'],
      unavailable,
      isOnce: true,
      perform: approve,
    },
    deny: {
      id: 'deny',
      title: 'Deny, with a reason',
      group,
      keys: ['d'],
      unavailable,
      perform: ask('denied'),
    },
    edit: {
      id: 'edit',
      title: 'Change the arguments',
      group,
      keys: ['e'],
      unavailable,
      perform: ask('edited'),
    },
    passOn: {
      id: 'pass-on',
      title: 'Pass on to somebody else',
      group,
      keys: ['p'],
      unavailable,
      perform: ask('escalated'),
    },
    stop: {
      id: 'stop',
      title: 'Stop the conversation',
      group,
      keys: ['x'],
      unavailable,
      perform: ask('stopped'),
    },
  } as const satisfies Record<string, Action>
  const confirm: Action = {
    id: 'confirm',
    title: 'Carry it out',
    group,
    keys: ['Enter'],
    isOnce: true,
    perform: () => send({ kind: 'approved' }),
  }
  const leave: Action = { id: 'not-now', title: 'Not now', group, keys: ['Escape'], perform: cancel }
  useLiveActions('hold', [...Object.values(actions), ...(isConfirming ? [confirm, leave] : [])])
  return { actions, asking, isConfirming, isPending: answer.isPending, error: answer.error, send, cancel }
}

/** What is asked before it is done. */
export const ASKS = {
  denied: {
    title: 'Deny the calls',
    description: 'None of them is carried out. The agent is told why, and goes on.',
    label: 'Why not',
    hint: 'The agent reads this.',
    submit: 'Deny',
    isDanger: false,
  },
  escalated: {
    title: 'Pass on to somebody else',
    description: 'Decides nothing: it goes on waiting, and others see that you passed it on.',
    label: 'Why somebody else should decide',
    hint: 'Others who may decide read this.',
    submit: 'Pass on',
    isDanger: false,
  },
  stopped: {
    title: 'Stop the conversation',
    description: 'None of the calls is carried out, and the agent can do nothing more in this conversation.',
    label: 'Why it has to stop',
    hint: 'Whoever is at the other end reads this.',
    submit: 'Stop the conversation',
    isDanger: true,
  },
} as const
