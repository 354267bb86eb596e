import { showAgreement } from '@leeway/contract/agreement'
import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

export function useAgreement(project: string) {
  return useQuery({
    queryKey: [project, 'agreement'],
    queryFn: () => client.call(showAgreement, { params: { project } }),
  })
}
