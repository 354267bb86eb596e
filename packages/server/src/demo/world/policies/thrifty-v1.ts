import type { Policy } from './policy.ts'

/** Nearly the anchor with fewer calls: notes more of the first message, trusts calls that time out, relies on memory. */
export const thriftyV1: Policy = {
  name: 'thrifty-v1',
  config: {
    agent: 'help-desk rules 1',
    checks: {
      identity: true,
      ownership: true,
      returnWindow: true,
      returnsArticle: false,
      refundLimit: true,
      discount: false,
      confirmation: true,
      orderDate: false,
      clarifyItem: false,
      stock: true,
      rereadAfterChange: false,
      planParts: false,
    },
    onTimeout: 'assume-done',
    limits: {
      partsPerMessage: 4,
      revisionsMax: 1,
      alternativesMax: 1,
      customerTurnsMax: 9,
      returnDaysMax: 30,
      refundCentsMax: 30_000,
    },
  },
}
