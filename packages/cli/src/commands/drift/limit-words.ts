export function limitWords(shareMax: number | null): string {
  return shareMax === null
    ? 'Nobody is alerted.'
    : `An alert begins where more than ${Math.round(1_000 * shareMax) / 10} % are unlike, chance set aside; it ends below half of that.`
}
