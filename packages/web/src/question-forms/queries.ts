import { type SetFormRule, setFormRule, showFormReport } from '@leeway/contract/question-forms'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useFormReport(project: string) {
  return useQuery({
    queryKey: [project, 'question-forms'],
    queryFn: () => client.call(showFormReport, { params: { project } }),
  })
}

export function useSetFormRule(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetFormRule>) =>
      client.call(setFormRule, { params: { project }, body }),
    onSuccess: (report) => queries.setQueryData([project, 'question-forms'], report),
  })
}
