/** What is told to one who sits at a debate, built field by field: no names, no policy, no known answer, no times. */
import type { DebateRoom, JudgmentView, OwnDebates, SpeechView } from '@leeway/contract/debates'
import { heardBy, heardByJudge } from '@leeway/core/debates/protocol'
import { speechParts } from '@leeway/core/debates/speech'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { stepTexts } from '../models/episode-text.ts'
import {
  findDebate,
  findDebates,
  type JudgmentRow,
  kindOf,
  roundOf,
  type Seat,
  type SpeechRow,
  type StoredDebate,
  seatsAwaited,
} from './stored-debate.ts'

export async function debateRoom(executor: Executor, debate: StoredDebate, seat: Seat): Promise<DebateRoom> {
  const { row, rules, next } = debate
  const { speeches, judgments } = debate
  const heard = seat === 'judge' ? heardByJudge(rules, speeches, judgments) : heardBy(rules, speeches, seat)
  const texts = await textsOf(executor, debate)
  return {
    ...settingOf(debate),
    seat,
    episodeId: seat === 'judge' && row.judgeSees === 'quotes' ? null : row.episodeId,
    speeches: heard.map((speech) => speechView(speech, texts)),
    judgments: judgments.map(judgmentView),
    turn: next.kind === 'over' ? 'over' : seatsAwaited(debate).includes(seat) ? 'you' : 'others',
    round: roundOf(debate),
  }
}

export function settingOf(debate: StoredDebate) {
  const { row, criterion } = debate
  return {
    id: row.id,
    kind: kindOf(debate),
    question: criterion.question,
    guidance: criterion.guidance,
    answers: { a: row.answerA, b: row.answerB },
    rounds: row.rounds,
    words: row.words,
    roundCost: row.roundCost,
    judgeSees: row.judgeSees,
  }
}

/** A recorded debate whole, without its judge: for whoever reads it in the place of the episode. */
export async function debateTranscript(
  executor: Executor,
  projectId: string,
  debateId: string,
): Promise<{ readonly speeches: readonly SpeechView[]; readonly answers: DebateRoom['answers'] } | null> {
  const debate = await findDebate(executor, projectId, debateId)
  if (debate === undefined) return null
  const texts = await textsOf(executor, debate)
  const rounds = debate.next.kind === 'over' ? debate.next.rounds : debate.row.rounds
  return {
    speeches: debate.speeches
      .filter(({ round }) => round <= rounds)
      .map((speech) => speechView(speech, texts)),
    answers: settingOf(debate).answers,
  }
}

/** By step, what a quote can be taken from; none when the text was erased. */
export async function textsOf(
  executor: Executor,
  { row }: Pick<StoredDebate, 'row'>,
): Promise<readonly (string | null)[]> {
  const [stored] = await storedEpisodes(executor, row.projectId, [row.episodeId])
  return stored === undefined ? [] : stepTexts(stored.episode)
}

export function speechView(
  { round, side, text, silent }: SpeechRow,
  texts: readonly (string | null)[],
): SpeechView {
  return { round, side, parts: speechParts(text, texts).map((part) => ({ ...part })), silent }
}

export function judgmentView({ round, probabilityA, stop, comment }: JudgmentRow): JudgmentView {
  return { round, probabilityA, stop, comment }
}

/** Where one sits, unfinished ones first, and seats that nobody has and one may take. */
export async function ownDebates(
  executor: Executor,
  { projectId, raterId }: { readonly projectId: string; readonly raterId: string },
): Promise<OwnDebates> {
  const { rows } = await executor.execute<{ id: string; seat: Seat; own: boolean }>(sql`
    with wanted as (
      select debates.id, wanted.seat from debates
      cross join lateral (select jsonb_array_elements_text(speakers) as seat union all select 'judge') wanted
      where debates.project_id = ${projectId} and not exists (select 1 from debate_seats taken
          where taken.project_id = debates.project_id and taken.debate_id = debates.id and taken.seat = wanted.seat)
        and not exists (select 1 from debate_seats own where own.project_id = debates.project_id
          and own.debate_id = debates.id and own.rater_id = ${raterId})
        and (wanted.seat <> 'judge' or not exists (select 1 from ratings where ratings.project_id = debates.project_id
          and ratings.rater_id = ${raterId} and ratings.episode_id = debates.episode_id
          and ratings.criterion_sha256 = debates.criterion_sha256))
      order by debates.at limit ${OFFERS_MAX}
    ), own as (
      select debate_id as id, seat from debate_seats where project_id = ${projectId} and rater_id = ${raterId}
      order by at desc limit ${OWN_MAX}
    )
    select id, seat, true as own from own union all select id, seat, false from wanted`)
  const all = await findDebates(executor, projectId, [...new Set(rows.map(({ id }) => id))])
  const byId = new Map(all.map((debate) => [debate.row.id, debate]))
  const found: OwnDebates['debates'] = []
  for (const { id, seat, own } of rows) {
    const debate = byId.get(id)
    if (debate === undefined) continue
    const turn = seatsAwaited(debate).includes(seat) ? 'you' : debate.next.kind === 'over' ? 'over' : 'others'
    const { kind, question, rounds } = settingOf(debate)
    found.push({ id, kind, question, seat, turn: own ? turn : 'open', round: roundOf(debate), rounds })
  }
  const order = ['you', 'open', 'others', 'over']
  return { debates: found.sort((a, b) => order.indexOf(a.turn) - order.indexOf(b.turn)) }
}

const OFFERS_MAX = 20
const OWN_MAX = 50
