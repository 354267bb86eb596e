import {
  type PlantedRequestReport,
  SHARE_MAX,
  setPlantedRequests,
  showPlantedRequests,
} from '@leeway/contract/planted-requests'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextField } from '../design/Field.tsx'
import { Panel } from '../design/Panel.tsx'
import { WideTable } from '../design/WideTable.tsx'
import {
  formatCount,
  formatCountOf,
  formatDuration,
  formatPercent,
  formatPercentInterval,
} from '../numbers/format-number.ts'
import { WrittenRequests } from './WrittenRequests.tsx'

/** How often a held call that nobody made is put before whoever decides, and what people made of those. */
export function PlantedRequestsPanel({ project }: { readonly project: string }) {
  const report = useQuery({
    queryKey: [project, 'planted-requests'],
    queryFn: () => client.call(showPlantedRequests, { params: { project } }),
  })
  if (report.isPending) return null
  if (report.isError) return <Failure error={report.error} onRetry={() => report.refetch()} />
  const { share, planted, ranOut, people } = report.data
  return (
    <Panel title="Planted among held calls">
      <div className="max-w-[80ch] space-y-2 text-14">
        <p>
          {share === null || share === 0
            ? 'Nothing is planted among held calls.'
            : `After ${formatPercent(share)} of the decisions a planted call follows, while whoever decided is still there.`}{' '}
          It is a copy of a call that was approved and carried out, with one fault in it, or one that an admin
          wrote. No agent waits for it, and whatever is decided about it carries nothing out. Tell those who
          decide that it is done, not when.
        </p>
        <p className="text-ink-2">
          Counted up to {report.data.countedUntil.slice(0, 10)}, midnight UTC: what came since is told later,
          so that no count gives a call away.{' '}
          {planted === 0
            ? 'None was planted before.'
            : `${formatCountOf(planted, 'planted call')}, of which ${ranOut === 0 ? 'none' : formatCount(ranOut)} ran out.`}
        </p>
      </div>
      {people.length === 0 ? null : <People people={people} />}
      <ShareForm project={project} share={share ?? 0} />
      <WrittenRequests project={project} />
    </Panel>
  )
}

function People({ people }: Pick<PlantedRequestReport, 'people'>) {
  return (
    <WideTable label="Planted calls, by person" className="mt-3">
      <table className="figures w-full text-14">
        <thead>
          <tr className="text-left text-ink-2">
            <th className="py-1 pr-4 font-normal">Person</th>
            <th className="py-1 pr-4 font-normal">Caught</th>
            <th className="py-1 pr-4 font-normal">Share, with its exact 95 % interval</th>
            <th className="py-1 pr-4 font-normal">Time for one, mostly</th>
            <th className="min-w-56 py-1 font-normal">Approved faster than it can be read</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ name, caught, answers, low, high, medianSeconds, fastMisses, verdict }) => (
            <tr key={name} className="border-t border-line">
              <td className="py-1.5 pr-4">
                <bdi>{name}</bdi>
              </td>
              <td className="py-1.5 pr-4">
                {caught} of {answers}
              </td>
              <td className="py-1.5 pr-4">
                {formatPercentInterval({ estimate: caught / answers, low, high })}
              </td>
              <td className="py-1.5 pr-4">
                {medianSeconds === null ? 'not known' : formatDuration(medianSeconds * 1_000)}
              </td>
              <td className="py-1.5">
                {fastMisses} of {answers}
                {verdict === 'rubber-stamping'
                  ? '. Approvals without reading: talk to them, a pause may be all it takes.'
                  : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  )
}

function ShareForm({ project, share }: { readonly project: string; readonly share: number }) {
  const queries = useQueryClient()
  const [percent, setPercent] = useState(String(Math.round(100 * share)))
  const save = useMutation({
    mutationFn: () =>
      client.call(setPlantedRequests, { params: { project }, body: { share: Number(percent) / 100 } }),
    onSuccess: (report) => queries.setQueryData([project, 'planted-requests'], report),
  })
  return (
    <form
      className="mt-4 flex max-w-[60ch] flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <TextField
        label="Planted after so many decisions, %"
        type="number"
        min={0}
        max={100 * SHARE_MAX}
        required
        value={percent}
        onChange={(event) => setPercent(event.target.value)}
      />
      <Button type="submit" disabled={save.isPending}>
        Set the share
      </Button>
      {save.isError ? <Failure error={save.error} /> : null}
    </form>
  )
}
