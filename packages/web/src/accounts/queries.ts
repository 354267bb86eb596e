import {
  type CreateApiKey,
  type CreateProviderKey,
  changeMember,
  createApiKey,
  createProviderKey,
  inspectLink,
  inviteMember,
  listApiKeys,
  listMembers,
  listProviderKeys,
  redeemLink,
  resetMember,
  revokeApiKey,
  showMe,
  signIn,
  signOut,
} from '@leeway/contract/accounts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client, newIdempotencyKey } from '../api/client.ts'
import { dropAllKept } from '../review/kept-answer.ts'

/** Who is signed in, and in which projects; refused as unauthenticated when nobody is. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => client.call(showMe), staleTime: 60_000 })
}

export function useSignIn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly email: string; readonly password: string }) =>
      client.call(signIn, { body }),
    onSuccess: () => queries.resetQueries({ queryKey: ['me'] }),
  })
}

/** Leaves nothing of the session in memory, nor of half-written answers in the browser. */
export function useSignOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.call(signOut, { body: {} }),
    onSettled: () => {
      queries.clear()
      dropAllKept()
      window.location.assign('/sign-in')
    },
  })
}

/** What a link is for. Looking does not use it up. */
export function useLink(token: string) {
  return useQuery({
    queryKey: ['link', token],
    queryFn: () => client.call(inspectLink, { body: { token }, idempotencyKey: newIdempotencyKey() }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useRedeemLink() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: {
      readonly token: string
      readonly password: string
      readonly email?: string
      readonly name?: string
    }) => client.call(redeemLink, { body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.resetQueries({ queryKey: ['me'] }),
  })
}

export function useMembers(project: string) {
  return useQuery({
    queryKey: [project, 'members'],
    queryFn: () =>
      everyPage((cursor) => client.call(listMembers, { params: { project }, query: { limit: 200, cursor } })),
  })
}

export function useInvite(project: string) {
  return useMutation({
    mutationFn: (role: 'admin' | 'rater' | 'auditor') =>
      client.call(inviteMember, { params: { project }, body: { role }, idempotencyKey: newIdempotencyKey() }),
  })
}

export function useReset(project: string) {
  return useMutation({
    mutationFn: (userId: string) =>
      client.call(resetMember, {
        params: { project, userId },
        body: {},
        idempotencyKey: newIdempotencyKey(),
      }),
  })
}

export function useChangeMember(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ userId, ...body }: { readonly userId: string; readonly disabled: boolean }) =>
      client.call(changeMember, { params: { project, userId }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, 'members'] }),
  })
}

export function useApiKeys(project: string) {
  return useQuery({
    queryKey: [project, 'keys'],
    queryFn: () =>
      everyPage((cursor) => client.call(listApiKeys, { params: { project }, query: { limit: 200, cursor } })),
  })
}

export function useCreateApiKey(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof CreateApiKey>) =>
      client.call(createApiKey, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'keys'] }),
  })
}

export function useRevokeApiKey(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (keyId: string) => client.call(revokeApiKey, { params: { project, keyId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, 'keys'] }),
  })
}

/** Keys of providers, for those who may set where models are called. */
export function useProviderKeys(project: string) {
  return useQuery({
    queryKey: [project, 'provider-keys'],
    queryFn: () =>
      everyPage((cursor) =>
        client.call(listProviderKeys, { params: { project }, query: { limit: 200, cursor } }),
      ),
  })
}

export function useCreateProviderKey(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof CreateProviderKey>) =>
      client.call(createProviderKey, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'provider-keys'] }),
  })
}

/** Lists of people and keys are short; the whole of them is worth having. Stops at ten pages all the same. */
async function everyPage<Item>(
  ask: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: readonly Item[]; readonly nextCursor: string | null }>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  for (let page = 0; page < 10; page += 1) {
    const answer = await ask(cursor)
    items.push(...answer.items)
    if (answer.nextCursor === null) break
    cursor = answer.nextCursor
  }
  return items
}
