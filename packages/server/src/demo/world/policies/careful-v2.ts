import type { Policy } from './policy.ts'

/** A better candidate: also reads the returns article, keeps all parts in mind, and reads the order again after each change. */
export const carefulV2: Policy = {
  name: 'careful-v2',
  config: {
    agent: 'help-desk rules 1',
    checks: {
      identity: true,
      ownership: true,
      returnWindow: true,
      returnsArticle: true,
      refundLimit: true,
      discount: true,
      confirmation: true,
      orderDate: false,
      clarifyItem: true,
      stock: true,
      rereadAfterChange: true,
      planParts: true,
    },
    onTimeout: 'reread',
    limits: {
      partsPerMessage: 4,
      revisionsMax: 1,
      alternativesMax: 1,
      customerTurnsMax: 10,
      returnDaysMax: 30,
      refundCentsMax: 30_000,
    },
  },
}
