import { readApprovalPause, showApprovalPause } from '@leeway/contract/planted-requests'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { PauseAdvice } from '../review/PauseAdvice.tsx'

/** Advice to take a pause from held calls; nothing where there is none. The server gives it while one is away. */
export function ApprovalPause({ project }: { readonly project: string }) {
  const queries = useQueryClient()
  const queryKey = [project, 'approvals', 'pause']
  const note = useQuery({
    queryKey,
    queryFn: async () => (await client.call(showApprovalPause, { params: { project } })).note,
  })
  const read = useMutation({
    mutationFn: (id: string) => client.call(readApprovalPause, { params: { project, note: id }, body: {} }),
    onSuccess: (left) => queries.setQueryData(queryKey, left.note),
  })
  const current = note.data ?? null
  if (current === null) return null
  return (
    <PauseAdvice
      afterwards="What you decided stands. The admins of this project can read the same of you."
      error={read.error}
      isReading={read.isPending}
      onRead={() => read.mutate(current.id)}
    >
      Some time ago decisions of yours came faster than the calls can be read. That happens to everybody who
      decides about many. Get up for a few minutes, then take the time that a call needs, or pass some on.
    </PauseAdvice>
  )
}
