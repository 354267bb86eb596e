import type { Serving } from './bundle.ts'
import type { Turn } from './turn.ts'

/**
 * Who is asked next, and the stage at which the turn began, in headers, where the contract has answers tell it. Of a whole answer the
 * last one counts. The headers of a stream go out with its first words, so that they name who began it.
 */
export function tellWhoServes({ client, agent: { contract } }: Turn, { policy }: Serving): void {
  const { tells = [], candidate, evidence } = contract
  // Of a release that is over the contract keeps the stage as evidence; nobody is at it any more.
  const stage = candidate === null ? null : evidence.stage
  if (tells.includes('policy')) client.tell({ 'x-leeway-policy': headerText(policy) })
  if (tells.includes('stage') && stage !== null) client.tell({ 'x-leeway-stage': headerText(stage) })
}

/** A header holds less than a name may: what it does not hold is percent-encoded. */
const headerText = (name: string) => name.replace(/[^\x20-\x24\x26-\x7e]+/gu, encodeURIComponent)
