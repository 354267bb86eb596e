import type { RubricDraftView } from '@leeway/contract/rubric-drafts'
import { writeRubricDraft } from '@leeway/contract/write-rubric-draft'
import { INSTRUCTION_MAX } from '@leeway/core/response-rules/rules-in-instruction'
import { useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField, TextArea } from '../design/Field.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { formatUsd } from '../raters/rater-words.ts'
import { useDraft, useJudges, useStartDraft } from './queries.ts'

const PROGRAMS_ALONE = ''

/** An instruction becomes a draft, by programs alone or with a model's questions; a person edits and saves it. */
export function DraftPanel({
  project,
  name,
  draftId,
  onOrdered,
  onDraft,
}: {
  readonly project: string
  /** Of the rubric. */
  readonly name: string
  /** Of a draft that a model was asked for. */
  readonly draftId: string | undefined
  readonly onOrdered: (draftId: string) => void
  /** Puts the draft into the editor. */
  readonly onDraft: (source: string) => void
}) {
  const judges = useJudges(project)
  const start = useStartDraft(project)
  const draft = useDraft(project, draftId)
  const [written, setWritten] = useState<string | null>(null)
  const [by, setBy] = useState(PROGRAMS_ALONE)
  const instruction = written ?? draft.data?.instruction ?? ''
  const isWaiting = start.isPending || draft.data?.state === 'waiting'
  const problem =
    instruction.length > INSTRUCTION_MAX
      ? `${formatCount(instruction.length)} characters; at most ${formatCount(INSTRUCTION_MAX)} are read.`
      : undefined
  const begin = () => {
    if (by === PROGRAMS_ALONE) onDraft(writeRubricDraft({ name, instruction }))
    else start.mutate({ judge: by, name, instruction }, { onSuccess: ({ id }) => onOrdered(id) })
  }
  return (
    <details open={draftId !== undefined} className="mb-5 rounded-lg border border-line bg-surface px-4 py-3">
      <summary className="cursor-pointer text-14 font-semibold">Draft from an instruction</summary>
      <div className="mt-3 space-y-3">
        <TextArea
          label="What the agent was told: its handbook, its system prompt"
          hint="Programs come from the rules about wording that it states unmistakably. A model thinks of ways to fail first, then of questions that would catch them, and quotes the words each one checks."
          problem={problem}
          rows={8}
          value={instruction}
          onChange={(event) => setWritten(event.target.value)}
        />
        <div className="flex flex-wrap items-end gap-3">
          <div className="w-72 max-w-full">
            <SelectField label="Who drafts" value={by} onChange={(event) => setBy(event.target.value)}>
              <option value={PROGRAMS_ALONE}>Programs alone, at once</option>
              {judges.data?.map((judge) => (
                <option key={judge.id} value={judge.id} disabled={judge.usdPerMillion === null}>
                  {judge.name}
                  {judge.usdPerMillion === null ? ' (its price is not known)' : ''}
                </option>
              ))}
            </SelectField>
          </div>
          <Button disabled={instruction.trim() === '' || problem !== undefined || isWaiting} onClick={begin}>
            {isWaiting ? 'The model is at it…' : 'Draft'}
          </Button>
        </div>
        {judges.data?.length === 0 ? (
          <p className="text-12 text-ink-2">
            No model is declared. <code className="font-mono">leeway judge declare</code> makes one a rater,
            and it can draft, too.
          </p>
        ) : null}
        {start.isError ? <Failure error={start.error} /> : null}
        {draft.isError ? <Failure error={draft.error} onRetry={() => draft.refetch()} /> : null}
        {draft.data === undefined ? null : <DraftResult draft={draft.data} onDraft={onDraft} />}
      </div>
    </details>
  )
}

function DraftResult({
  draft,
  onDraft,
}: {
  readonly draft: RubricDraftView
  readonly onDraft: (source: string) => void
}) {
  const { state, why, source, questions, failures } = draft
  const invented = questions.filter((one) => one.invented.length > 0)
  return (
    <section aria-label="The draft" aria-live="polite" className="border-s-2 border-line-strong ps-3 text-14">
      {state === 'waiting' ? (
        <p>
          <bdi>{draft.judgeName}</bdi> is asked. You may leave this page: its address keeps the draft.
          {why === null ? '' : ` It waits: ${why}`}
        </p>
      ) : null}
      {state === 'failed' ? <p>No draft came of it. {why} Nothing was changed; order another.</p> : null}
      {source === null ? null : (
        <>
          <p className="figures">
            <bdi>{draft.judgeName}</bdi>{' '}
            {questions.length === 0
              ? 'asked no question; programs and one question about the rest are all there is'
              : `wrote ${formatCountOf(questions.length, 'question')}`}
            {draft.dropped === 0
              ? ''
              : `; ${draft.dropped === 1 ? '1 more was' : `${formatCount(draft.dropped)} more were`} of no use`}
            . {spentWords(draft)}
          </p>
          <Button className="mt-2" onClick={() => onDraft(source)}>
            Put it into the editor
          </Button>
          {failures.length === 0 ? null : (
            <details className="mt-2">
              <summary className="cursor-pointer">
                {formatCountOf(failures.length, 'likely way')} to fail, and what would catch each
              </summary>
              <ol className="mt-1 list-decimal space-y-1 ps-5">
                {failures.map((failure, at) => (
                  <li key={failure}>
                    <span dir="auto">{failure}</span>{' '}
                    <span className="text-ink-2" dir="auto">
                      {caughtBy(questions, at)}
                    </span>
                  </li>
                ))}
              </ol>
            </details>
          )}
          {invented.length === 0 ? null : (
            <div className="mt-2">
              <p className="font-semibold text-hold">
                Made up: the instruction does not hold these words. Look at their questions with care.
              </p>
              <ul className="mt-1 list-disc space-y-1 ps-5">
                {invented.map((one) => (
                  <li key={one.question} dir="auto">
                    {one.question}{' '}
                    <span className="text-ink-2">{one.invented.map((quote) => `“${quote}”`).join(', ')}</span>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </section>
  )
}

function caughtBy(questions: RubricDraftView['questions'], at: number): string {
  const found = questions.filter(({ catches }) => catches === at).map(({ question }) => question)
  return found.length === 0 ? 'No question says that it catches this.' : found.join(' ')
}

function spentWords({ inputTokens, outputTokens, costUsd }: RubricDraftView): string {
  const tokens =
    inputTokens === null || outputTokens === null
      ? ''
      : `${formatCountOf(inputTokens + outputTokens, 'token')}`
  const cost = costUsd === null ? '' : formatUsd(costUsd)
  const spent = [tokens, cost].filter((one) => one !== '').join(', ')
  return spent === '' ? '' : `It took ${spent}.`
}
