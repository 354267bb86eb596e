import {
  type AddWebhook,
  addWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhook,
  testWebhook,
} from '@leeway/contract/webhooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client, newIdempotencyKey } from '../api/client.ts'

export function useWebhooks(project: string) {
  return useQuery({
    queryKey: [project, 'webhooks'],
    queryFn: async () => (await client.call(listWebhooks, { params: { project } })).items,
    refetchInterval: 10_000,
  })
}

export function useAddWebhook(project: string) {
  return useChange(project, (body: z.input<typeof AddWebhook>) =>
    client.call(addWebhook, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
  )
}

export function useTestWebhook(project: string) {
  return useChange(project, (webhook: string) =>
    client.call(testWebhook, { params: { project, webhook }, body: {} }),
  )
}

export function useRotateWebhook(project: string) {
  return useChange(project, (webhook: string) =>
    client.call(rotateWebhook, {
      params: { project, webhook },
      body: {},
      idempotencyKey: newIdempotencyKey(),
    }),
  )
}

export function useRemoveWebhook(project: string) {
  return useChange(project, (webhook: string) =>
    client.call(removeWebhook, { params: { project, webhook }, body: {} }),
  )
}

/** Does it, and asks for the list anew. */
function useChange<Input, Answer>(project: string, change: (input: Input) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: [project, 'webhooks'] }),
  })
}
