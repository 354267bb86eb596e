import { useMe } from '../accounts/queries.ts'
import { HaltControl } from '../gateway/HaltControl.tsx'
import { useHalt } from '../gateway/queries.ts'

/** The halt, in reach where the gateway enforces the release; while candidates are halted it says so. */
export function HaltOfRelease({
  project,
  releaseId,
}: {
  readonly project: string
  readonly releaseId: string
}) {
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const known = useHalt(project)
  if (!isAdmin || known.data?.releases.includes(releaseId) !== true) return null
  return (
    <div className="mb-6 flex flex-wrap items-center justify-end gap-3">
      <HaltControl project={project} />
    </div>
  )
}
