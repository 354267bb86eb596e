import type { VettingView } from '@leeway/contract/vetting'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { formatCountOf, formatPercent } from '../numbers/format-number.ts'
import { useVetting } from './queries.ts'
import { VettingForm } from './VettingForm.tsx'

/** How raters earn their place here, and whether there are known answers enough for it. */
export function VettingPanel({ project }: { readonly project: string }) {
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const vetting = useVetting(project)
  const [isEditing, setEditing] = useState(false)
  if (vetting.isPending) return null
  if (vetting.isError) return <Failure error={vetting.error} onRetry={() => vetting.refetch()} />
  const { rules, known } = vetting.data
  return (
    <Panel
      title="Vetting"
      aside={
        isAdmin && !isEditing ? (
          <Button kind="quiet" onClick={() => setEditing(true)}>
            {rules === null ? 'Set up' : 'Change'}
          </Button>
        ) : null
      }
    >
      <div className="figures max-w-[80ch] space-y-2 text-14">
        <p>{ruleWords(vetting.data)}</p>
        {known.length === 0 ? (
          <p className="text-ink-2">
            No answer is known yet. Record some with <code>leeway gold import</code>: they vet people and
            measure the check.
          </p>
        ) : (
          <ul className="space-y-1 text-ink-2">
            {known.map((one) => (
              <li key={one.criterionSha256}>
                <span dir="auto">“{one.question}”</span>{' '}
                {one.answers
                  .map(({ value, items, forRound, retired }) => {
                    const gone = retired === 0 ? '' : `, ${retired} retired`
                    return `${value}: ${items} known, ${forRound} for rounds${gone}`
                  })
                  .join('; ')}
                {one.answers.length < 2 ? '. One answer alone tells nothing: record another.' : '.'}
              </li>
            ))}
          </ul>
        )}
        {isAdmin ? (
          <p>
            <Link to="/p/$project/planted-faults" params={{ project }} className="link">
              Plant faults in copies of episodes
            </Link>
            {', '}
            <Link to="/p/$project/gold" params={{ project }} className="link">
              see who has met known answers
            </Link>
          </p>
        ) : null}
      </div>
      {isEditing ? <VettingForm project={project} rules={rules} onDone={() => setEditing(false)} /> : null}
    </Panel>
  )
}

function ruleWords({ rules, answersToVet }: VettingView): string {
  if (rules === null) return 'People are vetted by hand: nobody is asked known answers to earn their place.'
  const round =
    rules.roundQuestions === 0
      ? 'There is no qualification round.'
      : `A round of at most ${formatCountOf(rules.roundQuestions, 'known answer')} comes first.`
  const hidden =
    rules.hiddenShare === 0
      ? 'None are mixed in later.'
      : `Later ${formatPercent(rules.hiddenShare)} of the questions are known ones, unmarked.`
  return `Vetted: shown to be right on more than ${formatPercent(rules.bar)} (${answersToVet} in a row are enough). Suspended: shown to be right on less than ${formatPercent(rules.floor)}. ${round} ${hidden} Each is shown to at most ${formatCountOf(rules.exposuresMax, 'person', 'people')}.`
}
