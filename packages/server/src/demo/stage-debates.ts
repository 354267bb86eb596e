/** Debates of simulated speakers: some judged by a simulated judge, one that waits for whoever looks at the demo. */
import { SetUpDebate } from '@leeway/contract/debates'
import type { Side } from '@leeway/core/debates/protocol'
import type { Step } from '@leeway/core/episodes/episode'
import { recordJudgment, recordSpeech } from '../debates/record-step.ts'
import { setUpDebate } from '../debates/set-up-debate.ts'
import { findDebate, type StoredDebate } from '../debates/stored-debate.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import type { Effects } from '../http/environment.ts'
import { ensureRater } from '../raters/ensure-rater.ts'

export type KnownEpisode = { readonly id: string; readonly succeeded: boolean }

const ROUNDS = 3
const MINUTE_MS = 60_000
/** What the simulated judge gives the right answer, round by round; the third one is misled. */
const HEARD = [
  [0.6, 0.75, 0.9],
  [0.55, 0.7, 0.85],
  [0.5, 0.4, 0.3],
  [0.65, 0.8, 0.95],
] as const
const QUOTE_CHARACTERS = 90

/** Of `known`, the last waits for a judge. */
export async function stageDebates(
  effects: Effects,
  projectId: string,
  rubricId: string,
  known: readonly KnownEpisode[],
  actor: string,
): Promise<void> {
  const sit = async (name: string) =>
    (
      await ensureRater(effects.db, effects, projectId, {
        kind: 'human',
        name,
        family: 'simulated',
        definition: { simulated: true },
      })
    ).id
  const speakers = [await sit('Ines, speaker (simulated)'), await sit('Olof, speaker (simulated)')]
  const judge = await sit('Wanda, judge (simulated)')
  for (const [at, { id: episode, succeeded }] of known.slice(0, HEARD.length + 1).entries()) {
    const heard = HEARD[at]
    const id = await setUpDebate(
      effects,
      projectId,
      actor,
      SetUpDebate.parse({
        rubric: rubricId,
        criterion: 'root',
        episode,
        speakers,
        judge: heard === undefined ? null : judge,
        rounds: ROUNDS,
      }),
    )
    const debate = (await findDebate(effects.db, projectId, id)) as StoredDebate
    await stage(effects, debate, heard ?? null, succeeded)
  }
}

async function stage(
  effects: Effects,
  debate: StoredDebate,
  heard: readonly number[] | null,
  succeeded: boolean,
): Promise<void> {
  const [stored] = await storedEpisodes(effects.db, debate.row.projectId, [debate.row.episodeId])
  const steps = stored?.episode.steps ?? []
  const answerOf = (side: Side) => (side === 'a' ? debate.row.answerA : debate.row.answerB)
  const end = effects.now().getTime()
  for (let round = 1; round <= ROUNDS; round++) {
    const times = (minutes: number) => {
      const at = end - (ROUNDS - round) * 5 * MINUTE_MS
      return { costUsd: null, tokens: null, startedAt: new Date(at - minutes * MINUTE_MS), at: new Date(at) }
    }
    for (const side of debate.rules.speakers) {
      const text = answerOf(side) === 'yes' ? forYes(steps, round) : forNo(steps, round)
      await recordSpeech(effects.db, debate, { round, side }, { text, silent: null, ...times(2) })
    }
    const right = heard?.[round - 1]
    if (right === undefined) continue
    const isA = answerOf('a') === (succeeded ? 'yes' : 'no')
    await recordJudgment(effects.db, debate, round, {
      probabilityA: isA ? right : Number((1 - right).toFixed(2)),
      stop: false,
      comment: round === 1 ? 'What shows that the customer agreed?' : '',
      ...times(1),
    })
  }
}

function forYes(steps: readonly Step[], round: number): string {
  if (round === 1)
    return `The customer said what was wanted: ${quote(steps, 'user', 0)}. The agent did that and closed by saying so: ${quote(steps, 'assistant', -1)}.`
  if (round === 2)
    return `You ask for consent. It is there, in the customer's own words: ${quote(steps, 'user', -1)}. Nothing was changed that was not spoken about.`
  return 'The other side has named no step at which a rule was broken. If there were one, it would have been quoted by now.'
}

function forNo(steps: readonly Step[], round: number): string {
  if (round === 1)
    return `The agent answered ${quote(steps, 'assistant', 0)} and went on before everything was clear. The handbook asks it to confirm each change.`
  if (round === 2)
    return `It even said [[0: I will do this without asking you again]]. That alone breaks the handbook.`
  return `What the customer said last was ${quote(steps, 'user', -1)}. Read it again: that is no yes to a change.`
}

/** The beginning of what was said first (0) or last (-1) by one of the two. */
function quote(steps: readonly Step[], kind: 'user' | 'assistant', at: 0 | -1): string {
  const step = steps.filter((one) => one.kind === kind && typeof one.content === 'string').at(at)
  const words = String(step?.content ?? '')
    .split(/[[\]\n]/)[0]
    ?.slice(0, QUOTE_CHARACTERS)
    .trim()
  return `[[${step?.ordinal ?? 0}: ${words}]]`
}
