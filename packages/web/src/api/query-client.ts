import { QueryClient } from '@tanstack/react-query'
import { readFailure } from './read-failure.ts'

/** What the server refuses it will refuse again; only silence and overload are worth a second try. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && ['unreachable', 'unavailable'].includes(readFailure(error).code),
    },
  },
})
