/**
 * Random bytes, drawn many at a time: asking the system for each few takes longer than anything else that is done with them. No
 * byte is handed out twice, and none stays here once it is.
 */
export function drawAhead(fill: (bytes: Uint8Array) => void): (length: number) => Uint8Array {
  const drawn = new Uint8Array(AHEAD)
  let at = AHEAD
  return (length) => {
    const out = new Uint8Array(length)
    if (length > AHEAD) {
      fill(out)
      return out
    }
    if (at + length > AHEAD) {
      fill(drawn)
      at = 0
    }
    out.set(drawn.subarray(at, at + length))
    drawn.fill(0, at, at + length)
    at += length
    return out
  }
}

const AHEAD = 4_096
