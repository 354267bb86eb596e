import type { DebateRoom } from '@leeway/contract/debates'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { answerName, probabilityWords } from './debate-words.ts'
import { JudgePanel } from './JudgePanel.tsx'
import { useRoom } from './queries.ts'
import { SpeechForm } from './SpeechForm.tsx'
import { Transcript } from './Transcript.tsx'

/** A debate from one's own seat. Nothing here tells who the others are, who acted, or what is known. */
export function RoomPage() {
  const { project, debateId } = useParams({ from: '/p/$project/room/$debateId' })
  const room = useRoom(project, debateId)
  usePageTitle('Debate')
  if (room.isPending) return <Loading what="the debate" rows={10} />
  if (room.isError) return <Failure error={room.error} onRetry={() => room.refetch()} />
  const { seat, episodeId } = room.data
  return (
    <>
      <header className="mb-5">
        <p className="text-12 text-ink-2">{roleWords(room.data)}</p>
        <h1 className="mt-1 max-w-[60ch] text-20 [overflow-wrap:anywhere]" dir="auto">
          {room.data.question}
        </h1>
        {room.data.guidance === '' ? null : (
          <p className="mt-1 max-w-[75ch] text-14 text-ink-2" dir="auto">
            {room.data.guidance}
          </p>
        )}
      </header>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 space-y-6">
          <Transcript
            answers={room.data.answers}
            speeches={room.data.speeches}
            judgments={room.data.judgments}
            own={seat === 'judge' ? null : seat}
          />
          {room.data.speeches.length > 0 || room.data.turn === 'you' ? null : (
            <p className="text-ink-2">Nobody has spoken yet.</p>
          )}
          {episodeId === null ? null : (
            <section aria-label="The episode">
              <h2 className="mb-2 text-14 font-semibold text-ink-2">The episode</h2>
              <EpisodeBeside project={project} episodeId={episodeId} />
            </section>
          )}
        </div>
        <aside>
          <div className="lg:sticky lg:top-4">
            <Turn key={room.data.round} project={project} room={room.data} />
          </div>
        </aside>
      </div>
    </>
  )
}

function Turn({ project, room }: { readonly project: string; readonly room: DebateRoom }) {
  if (room.turn === 'you')
    return room.seat === 'judge' ? (
      <JudgePanel project={project} room={room} />
    ) : (
      <SpeechForm project={project} room={room} side={room.seat} />
    )
  return (
    <section aria-live="polite" className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 className="text-16 font-semibold">
        {room.turn === 'over' ? 'The debate is over' : 'It is another one’s turn'}
      </h2>
      <p className="mt-1 text-ink-2" dir="auto">
        {room.turn === 'over'
          ? `Verdict: ${probabilityWords(room.judgments.at(-1)?.probabilityA ?? null, room.answers)}.`
          : `Round ${room.round} of at most ${room.rounds}. This page goes on by itself when it is your turn.`}
      </p>
      <p className="mt-3">
        <Button asChild kind={room.turn === 'over' ? 'primary' : 'plain'}>
          <Link to="/p/$project/inbox" params={{ project }}>
            To the inbox
          </Link>
        </Button>
      </p>
    </section>
  )
}

function roleWords({ seat, kind, answers, judgeSees }: DebateRoom): string {
  if (seat !== 'judge') return `You argue for ${answerName(answers, seat)}, which was drawn for you.`
  const read =
    judgeSees === 'quotes'
      ? 'You read of the episode only what is quoted; quotes are checked.'
      : 'You may read the episode too.'
  return kind === 'debate'
    ? `You judge a debate. ${read}`
    : `You judge what one speaker says, who argues for an answer that was drawn, right or wrong. ${read}`
}
