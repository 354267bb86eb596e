import { percent } from './percent.ts'

type Row = {
  readonly setting: string
  readonly rule: string
  readonly minutes: number | null
  readonly labels: number | null
}

/** What a rule takes of what the base rule takes in the same setting; a dash where either is not known. */
export function shareOfBase(
  rows: readonly Row[],
  baseRule: string,
  row: Row,
  what: 'minutes' | 'labels',
): string {
  const base = rows.find(({ setting, rule }) => setting === row.setting && rule === baseRule)
  const [own, other] = [row[what], base?.[what] ?? null]
  return own === null || other === null ? '–' : percent(own / other)
}
