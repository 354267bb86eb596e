/** What a model or a server answers is kept whole up to here, and is no answer beyond. */
export const ANSWER_BYTES_MAX = 32 << 20
