import { Link, useParams } from '@tanstack/react-router'
import { useMe } from '../accounts/queries.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { QuestionPanel } from './QuestionPanel.tsx'
import { useAgreement } from './queries.ts'

/** How far those who answer agree, question by question. */
export function AgreementPage() {
  const { project } = useParams({ from: '/p/$project/agreement' })
  const agreement = useAgreement(project)
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  usePageTitle('Agreement')
  return (
    <>
      <h1 className="text-28">Agreement</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Whether people give the same answers to the same episodes. Where they do not, the question or its
        guidance is more often at fault than they are.{' '}
        {isAdmin ? (
          <Link to="/p/$project/adjudication" params={{ project }} className="link">
            Decide where they disagree
          </Link>
        ) : null}
      </p>
      {agreement.isPending ? <Loading what="how far raters agree" rows={6} /> : null}
      {agreement.isError ? <Failure error={agreement.error} onRetry={() => agreement.refetch()} /> : null}
      {agreement.data?.questions.length === 0 ? (
        <Empty title="Nobody has answered anything yet">
          Questions appear here with the first answers of people or models.
        </Empty>
      ) : null}
      <div className="space-y-4">
        {agreement.data?.questions.map((question) => (
          <QuestionPanel key={question.criterionSha256} project={project} question={question} />
        ))}
      </div>
    </>
  )
}
