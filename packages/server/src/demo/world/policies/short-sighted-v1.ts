import type { Policy } from './policy.ts'

/** Thorough on a single question and quick to wrap up: keeps one thing in mind and ends after a few messages. */
export const shortSightedV1: Policy = {
  name: 'short-sighted-v1',
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
      planParts: false,
    },
    onTimeout: 'reread',
    limits: {
      partsPerMessage: 1,
      revisionsMax: 2,
      alternativesMax: 2,
      customerTurnsMax: 6,
      returnDaysMax: 30,
      refundCentsMax: 30_000,
    },
  },
}
