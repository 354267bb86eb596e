import type { Policy } from './policy.ts'

/** Quick and careless: acts without asking for a yes and without looking at the return window. */
export const fastV1: Policy = {
  name: 'fast-v1',
  config: {
    agent: 'help-desk rules 1',
    checks: {
      identity: true,
      ownership: true,
      returnWindow: false,
      returnsArticle: false,
      refundLimit: true,
      discount: true,
      confirmation: false,
      orderDate: false,
      clarifyItem: false,
      stock: false,
      rereadAfterChange: false,
      planParts: false,
    },
    onTimeout: 'assume-done',
    limits: {
      partsPerMessage: 2,
      revisionsMax: 1,
      alternativesMax: 1,
      customerTurnsMax: 30,
      returnDaysMax: 30,
      refundCentsMax: 30_000,
    },
  },
}
