import { endpoint } from '@leeway/contract/endpoint'
import { Overview } from '@leeway/contract/releases'
import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

const showOverview = endpoint({ method: 'GET', path: '/api/projects/{project}/overview', response: Overview })

export function useOverview(project: string) {
  return useQuery({
    queryKey: [project, 'overview'],
    queryFn: () => client.call(showOverview, { params: { project } }),
    refetchInterval: 10_000,
  })
}
