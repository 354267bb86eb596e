/** Why a version was issued, in words: what people wrote, or what moved its release. */
export function reasonWords(reason: string): string {
  const [action = '', ...more] = reason.split(': ')
  const words = MOVES[action]
  if (words === undefined) return reason
  return [words, ...more].join(': ')
}

/** As the ledger calls them. */
const MOVES: Readonly<Record<string, string>> = {
  'release.started': 'The release started',
  'stage.promoted': 'Promoted',
  'stage.closed': 'Stage closed',
  'release.rolled-back': 'Rolled back',
  'release.completed': 'Completed',
}
