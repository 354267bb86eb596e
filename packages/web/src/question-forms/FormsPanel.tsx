import type { FormComparison, FormReport } from '@leeway/contract/question-forms'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { WideTable } from '../design/WideTable.tsx'
import { formatDuration, formatPercent } from '../numbers/format-number.ts'
import { FormRuleForm } from './FormRuleForm.tsx'
import { ruleWords } from './form-words.ts'
import { useFormReport } from './queries.ts'

/** Whether checking an answer is as good as finding one, and what each costs; by question. */
export function FormsPanel({ project }: { readonly project: string }) {
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const report = useFormReport(project)
  const [isEditing, setEditing] = useState(false)
  if (report.isPending) return null
  if (report.isError) return <Failure error={report.error} onRetry={() => report.refetch()} />
  const { questions } = report.data
  const shown = questions.filter(
    ({ rule, people, models }) => rule !== null || people !== null || models !== null,
  )
  return (
    <Panel
      title="Finding and checking"
      aside={
        isAdmin && !isEditing && questions.length > 0 ? (
          <Button kind="quiet" onClick={() => setEditing(true)}>
            {shown.length === 0 ? 'Ask for checks' : 'Change who checks'}
          </Button>
        ) : null
      }
    >
      {shown.length === 0 ? (
        <p className="max-w-[80ch] text-14">
          Every question is put as “find the answer”. It can also be put as “somebody answered so, is that
          right?”, about answers that stand. Then both forms are compared: how often right, in which time, and
          how many wrong answers are accepted. No check counts as evidence in a release.
        </p>
      ) : (
        <div className="space-y-5">
          {shown.map((question) => (
            <QuestionForms key={question.criterionSha256} question={question} />
          ))}
        </div>
      )}
      {isEditing ? (
        <FormRuleForm project={project} questions={questions} onDone={() => setEditing(false)} />
      ) : null}
    </Panel>
  )
}

function QuestionForms({ question }: { readonly question: FormReport['questions'][number] }) {
  const { people, models } = question
  return (
    <section>
      <h3 className="text-14 font-semibold" dir="auto">
        {question.question}
      </h3>
      <p className="mt-0.5 text-12 text-ink-2">{ruleWords(question.rule)}</p>
      {people === null ? null : <Compared who="People" compared={people} />}
      {models === null ? null : <Compared who="Models" compared={models} />}
    </section>
  )
}

function Compared({ who, compared }: { readonly who: string; readonly compared: FormComparison }) {
  const { accuracy } = compared
  const rows = [
    { form: 'Found', side: compared.find, share: accuracy?.found ?? null },
    { form: 'Checked', side: compared.verify, share: accuracy?.checked ?? null },
  ] as const
  return (
    <div className="mt-2">
      <ul className="figures max-w-[80ch] space-y-1 text-14">
        {compared.words.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <WideTable label="Both forms, compared" className="mt-2">
        <table className="figures text-14">
          <thead>
            <tr className="text-left text-ink-2">
              <th className="py-1 pr-4 font-normal">{who}</th>
              <th className="py-1 pr-4 font-normal">Answers</th>
              <th className="py-1 pr-4 font-normal">Right on known items, with its 95 % interval</th>
              <th className="py-1 font-normal">
                {who === 'People' ? 'Time an answer' : 'US dollars an answer'}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ form, side, share }) => (
              <tr key={form} className="border-t border-line">
                <td className="py-1.5 pr-4">{form}</td>
                <td className="py-1.5 pr-4">{side.answers}</td>
                <td className="py-1.5 pr-4">{share === null ? 'not known yet' : shareWords(share)}</td>
                <td className="py-1.5">{costWords(who, side)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </div>
  )
}

function shareWords({ value, low, high }: NonNullable<FormComparison['accuracy']>['found']): string {
  const interval = low === null || high === null ? '' : ` (${formatPercent(low)} to ${formatPercent(high)})`
  return `${formatPercent(value)}${interval}`
}

function costWords(who: string, { seconds, usd }: FormComparison['find']): string {
  if (who === 'Models') return usd === null ? 'not known' : usd.toPrecision(2)
  return seconds === null ? 'not known' : formatDuration(seconds * 1000)
}
