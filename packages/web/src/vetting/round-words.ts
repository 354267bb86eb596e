import type { RoundProgress } from '@leeway/contract/review'
import { formatCountOf } from '../numbers/format-number.ts'

export function roundEndWords({ answered, right, tier }: RoundProgress): string {
  const score = answered === 0 ? '' : `You were right on ${right} of ${formatCountOf(answered, 'question')}. `
  if (tier === 'vetted' || tier === 'expert') return `${score}Your answers count as evidence from now on.`
  if (tier === 'suspended')
    return `${score}That is too few for now: no questions are given to you. An admin of the project can say why, and lift it.`
  return `${score}That does not decide it yet. You can start: your answers help to predict, and known ones among them will show the rest.`
}
