/** Whether a file begins as ZIP files do: with an entry, or with the end of an empty directory. */
export function isZip(head: Uint8Array): boolean {
  const [first, second, third, fourth] = head
  return first === 0x50 && second === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6))
}

/** Looks at the first bytes of a source and gives all of them back. What the source throws comes out of `bytes`. */
export async function openedBytes(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly isZip: boolean; readonly bytes: AsyncIterable<Uint8Array> }> {
  const pieces = source[Symbol.asyncIterator]()
  const seen: Uint8Array[] = []
  let failed: { readonly error: unknown } | null = null
  let length = 0
  let done = false
  while (length < 4 && !done && failed === null) {
    try {
      const next = await pieces.next()
      if (next.done === true) done = true
      else {
        seen.push(next.value)
        length += next.value.length
      }
    } catch (error) {
      failed = { error }
    }
  }
  const bytes = async function* () {
    try {
      yield* seen
      if (failed !== null) throw failed.error
      while (!done) {
        const next = await pieces.next()
        if (next.done === true) done = true
        else yield next.value
      }
    } finally {
      if (!done && failed === null) await pieces.return?.()
    }
  }
  return { isZip: isZip(Buffer.concat(seen.map((piece) => piece.subarray(0, 4)))), bytes: bytes() }
}
