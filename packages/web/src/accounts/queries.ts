import { endpoint } from '@leeway/contract/endpoint'
import { RoleName } from '@leeway/contract/projects'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { client } from '../api/client.ts'

const Me = z.object({
  name: z.string(),
  email: z.string(),
  projects: z.array(z.object({ slug: z.string(), name: z.string(), role: RoleName.nullable() })),
})

const showMe = endpoint({ method: 'GET', path: '/api/me', response: Me })
const signIn = endpoint({
  method: 'POST',
  path: '/api/auth/sign-in/email',
  body: z.object({ email: z.string(), password: z.string() }),
  response: z.unknown(),
})
const signOut = endpoint({ method: 'POST', path: '/api/auth/sign-out', body: z.object({}), response: z.unknown() })

/** Who is signed in, and in which projects; refused as unauthenticated when nobody is. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => client.call(showMe), staleTime: 60_000 })
}

export function useSignIn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly email: string; readonly password: string }) => client.call(signIn, { body }),
    onSuccess: () => queries.resetQueries({ queryKey: ['me'] }),
  })
}

/** Leaves nothing of the session in memory. */
export function useSignOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.call(signOut, { body: {} }),
    onSettled: () => {
      queries.clear()
      window.location.assign('/sign-in')
    },
  })
}
