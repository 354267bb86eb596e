import { readPauseNote, showPauseNote } from '@leeway/contract/planted-faults'
import {
  type CommitAnswer,
  commitAnswer,
  nextQuestion,
  showInbox,
  showSheet,
  undoAnswer,
} from '@leeway/contract/review'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useInbox(project: string) {
  return useQuery({
    queryKey: [project, 'inbox'],
    queryFn: () => client.call(showInbox, { params: { project } }),
  })
}

/** The question this rater is at. Asking reserves it; asked again without an answer, it is the same one. */
export function useNextQuestion(project: string, mode: 'focus' | 'sheet') {
  return useQuery({
    queryKey: [project, 'review', 'next', mode],
    queryFn: () => client.call(nextQuestion, { params: { project }, body: { mode } }),
    // It changes by answering alone, and a refresh must not take a half-written answer away.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
}

export function useSheet(project: string, episode: string | null) {
  return useQuery({
    queryKey: [project, 'review', 'sheet', episode],
    queryFn: () => client.call(showSheet, { params: { project, episode: episode ?? '' } }),
    enabled: episode !== null,
    refetchOnWindowFocus: false,
  })
}

export function useCommit(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ assignment, ...body }: z.input<typeof CommitAnswer> & { readonly assignment: string }) =>
      client.call(commitAnswer, { params: { project, assignment }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'inbox'] }),
  })
}

export function useUndo(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (commitKey: string) => client.call(undoAnswer, { params: { project }, body: { commitKey } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'inbox'] }),
  })
}

export function usePauseNote(project: string) {
  return useQuery({
    queryKey: [project, 'pause'],
    queryFn: async () => (await client.call(showPauseNote, { params: { project } })).note,
  })
}

export function useReadPauseNote(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (note: string) => client.call(readPauseNote, { params: { project, note }, body: {} }),
    onSuccess: ({ note }) => queries.setQueryData([project, 'pause'], note),
  })
}
