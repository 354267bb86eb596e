import { showOverview } from '@leeway/contract/releases'
import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

export function useOverview(project: string) {
  return useQuery({
    queryKey: [project, 'overview'],
    queryFn: () => client.call(showOverview, { params: { project } }),
    refetchInterval: 10_000,
  })
}
