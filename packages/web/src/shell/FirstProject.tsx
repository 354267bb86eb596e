import { Navigate } from '@tanstack/react-router'
import { useMe } from '../accounts/queries.ts'
import { readFailure } from '../api/read-failure.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { chooseProject } from './last-project.ts'

/** The bare address: on to the first project, or to the door. */
export function FirstProject() {
  const me = useMe()
  const first = chooseProject(me.data?.projects ?? [])
  if (first !== undefined) return <Navigate to="/p/$project" params={{ project: first.slug }} replace />
  if (me.isError && readFailure(me.error).code === 'unauthenticated')
    return <Navigate to="/sign-in" replace />
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      {me.isPending ? <Loading what="your projects" /> : null}
      {me.isError ? <Failure error={me.error} onRetry={() => me.refetch()} /> : null}
      {me.isSuccess ? (
        <Empty title="You belong to no project yet">
          Ask whoever runs this server for an invitation link, or make an admin link on its machine:
        </Empty>
      ) : null}
    </main>
  )
}
