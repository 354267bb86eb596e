import type { HaltView } from '@leeway/contract/gateway'
import { reachWords } from './reach-words.ts'

/** What became of it, and how fast. */
export function haltWords(halt: HaltView): string {
  return `${halt.halted ? 'Candidates are halted.' : 'Candidates may act again.'} ${reachWords(halt)}`
}
