/** What the passes over two and over four classes have in common: how much they do at a time. */

/** Factors up to e^EXP_RANGE (1e131) are multiplied and logged before they could overflow: one log for many items. */
export const PRODUCT_MAX = 1e150

/** Items whose odds and beliefs stand side by side for a moment: few enough for the cache next to the processor. */
export const BLOCK = 512
