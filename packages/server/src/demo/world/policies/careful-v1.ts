import type { Policy } from './policy.ts'

/** The anchor: says who is who, checks the rules it remembers, asks before it acts. Weak where a request has several parts. */
export const carefulV1: Policy = {
  name: 'careful-v1',
  config: {
    agent: 'help-desk rules 1',
    checks: {
      identity: true,
      ownership: true,
      returnWindow: true,
      returnsArticle: false,
      refundLimit: true,
      discount: true,
      confirmation: true,
      orderDate: false,
      clarifyItem: true,
      stock: true,
      rereadAfterChange: false,
      planParts: false,
    },
    onTimeout: 'retry',
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
