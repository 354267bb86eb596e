/** A claim about real data: one printed line with its figure, counted as held or failed. */
export type Claims = {
  readonly hold: (held: boolean, claim: string, figure: string) => void
  readonly checked: () => number
  readonly failed: () => number
}

export function startClaims(print: (line: string) => void): Claims {
  let checked = 0
  let failed = 0
  return {
    hold: (held, claim, figure) => {
      checked += 1
      if (!held) failed += 1
      print(`${held ? 'ok  ' : 'FAIL'} ${claim}: ${figure}`)
    },
    checked: () => checked,
    failed: () => failed,
  }
}
