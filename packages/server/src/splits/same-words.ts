import type { Executor } from '../db/connect.ts'
import { storedWords } from '../episodes/stored-episode.ts'
import { stepTexts } from '../models/episode-text.ts'

/**
 * Where the words of a step of one episode stand in another, the nearest place. Words that were changed are at their old place where
 * no step was taken out, and else nowhere.
 */
export async function sameWords(
  executor: Executor,
  projectId: string,
  fromId: string,
  toId: string,
): Promise<(step: number) => readonly number[]> {
  const from = await textsOf(executor, projectId, fromId)
  const to = await textsOf(executor, projectId, toId)
  return (step) => {
    const words = from[step]
    if (words === undefined || words === null) return []
    const places = to.flatMap((text, place) => (text === words ? [place] : []))
    if (places.length === 0) return from.length === to.length ? [step] : []
    return places.sort((a, b) => Math.abs(a - step) - Math.abs(b - step)).slice(0, 1)
  }
}

async function textsOf(executor: Executor, projectId: string, id: string) {
  const words = await storedWords(executor, projectId, id)
  return words === undefined ? [] : stepTexts(words)
}
