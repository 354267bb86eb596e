import type { ScaleView } from '@leeway/contract/rubrics'
import type { Action } from '../actions/action.ts'
import { optionsOfScale } from './answer-words.ts'
import { leastSure, surer } from './sureness.ts'

/** The keys that say how sure one is; none where the answer is a number. */
export function surenessActions(
  scale: ScaleView,
  {
    probability,
    setProbability,
  }: { readonly probability: number | null; readonly setProbability: (wanted: number) => void },
): readonly Action[] {
  if (scale.kind === 'number') return []
  const least = leastSure(optionsOfScale(scale).length)
  const action = (id: string, title: string, key: string, by: 1 | -1): Action => ({
    id,
    title,
    group: 'This page',
    keys: [key],
    perform: () => setProbability(surer(probability, by, least)),
  })
  return [action('surer', 'Surer', '+', 1), action('less-sure', 'Less sure', '-', -1)]
}
