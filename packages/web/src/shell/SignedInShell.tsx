import { Navigate, useLocation } from '@tanstack/react-router'
import { useMe } from '../accounts/queries.ts'
import { readFailure } from '../api/read-failure.ts'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { AppShell } from './AppShell.tsx'

/** Lets people in who are signed in, and sends the others to the door with the way back. */
export function SignedInShell() {
  const me = useMe()
  const { href } = useLocation()
  if (me.isSuccess) return <AppShell />
  if (me.isError && readFailure(me.error).code === 'unauthenticated') {
    return <Navigate to="/sign-in" search={{ next: href }} replace />
  }
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      {me.isError ? (
        <Failure error={me.error} onRetry={() => me.refetch()} />
      ) : (
        <Loading what="your session" />
      )}
    </main>
  )
}
