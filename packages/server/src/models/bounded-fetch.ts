/** How requests leave for endpoints of models: an answer is bounded, and a redirect is not followed. */

/** Answers with log probabilities of 2,000 tokens are below 1 MB. */
const RESPONSE_BYTES_MAX = 8 << 20

/** The connection ended, or the answer was too long, after the endpoint had begun to answer: it may have cost money. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer'
}

/**
 * `fetch` that reads the whole answer. A redirect is handed back as it is: followed, it would take the key and the
 * episode to a place that nobody named. Throws BrokenAnswer.
 */
export async function boundedFetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual' })
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += piece.length
      if (bytes > RESPONSE_BYTES_MAX) throw new BrokenAnswer('The answer is longer than 8 MB.')
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof BrokenAnswer || init?.signal?.aborted) throw error
    throw new BrokenAnswer('The connection ended in the middle of the answer.', { cause: error })
  }
  const headers = new Headers(response.headers)
  // What was read is unpacked already.
  headers.delete('content-encoding')
  headers.delete('content-length')
  const empty = response.status === 204 || response.status === 205 || response.status === 304
  return new Response(empty ? null : Buffer.concat(pieces), { status: response.status, headers })
}
