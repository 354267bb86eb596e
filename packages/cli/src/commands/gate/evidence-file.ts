/**
 * Reads an evidence CSV into gate units. Columns: item, arm, failure [, judge, probability, expert, expertProbability,
 * cluster, identical]; one row per (item, arm), in the order of selection. Every mistake names its line; nothing is guessed.
 */
import { createReadStream } from 'node:fs'
import type { ArmLabel, GateUnit, Reaudit } from '@leeway/core/gate/unit'
import { parse } from 'csv-parse'
import { CommandError } from '../../exit-codes.ts'

export type EvidenceDesign =
  | { readonly kind: 'paired' }
  | { readonly kind: 'unpaired'; readonly propensity: number }

const REQUIRED = ['item', 'arm', 'failure'] as const
const OPTIONAL = ['judge', 'probability', 'expert', 'expertProbability', 'cluster', 'identical'] as const
const ARMS = ['candidate', 'baseline'] as const
type Arm = (typeof ARMS)[number]
type Row = {
  readonly item: string
  readonly arm: Arm
  readonly label: ArmLabel
  readonly cluster: string
  readonly identical: boolean
  readonly line: number
}

export async function readEvidenceFile(path: string, design: EvidenceDesign): Promise<readonly GateUnit[]> {
  const rows = await readRows(path)
  const seen = new Map<string, Partial<Record<Arm, Row>>>()
  for (const row of rows) {
    const item = seen.get(row.item) ?? {}
    const earlier =
      item[row.arm] ?? (design.kind === 'unpaired' ? (item.candidate ?? item.baseline) : undefined)
    if (earlier) {
      throw fault(
        path,
        row.line,
        `item "${row.item}" already stands in line ${earlier.line}`,
        design.kind === 'paired'
          ? 'keep one row per item and arm'
          : 'an unpaired item is served by one arm only',
      )
    }
    seen.set(row.item, { ...item, [row.arm]: row })
  }
  // The stake may depend neither on the arm drawn nor on the judge's score, so one floor serves the whole file
  // (docs/methods/gate.md).
  const probabilityMin = rows.reduce(
    (least, row) => (row.identical ? least : Math.min(least, row.label.probability)),
    1,
  )
  if (design.kind === 'unpaired') {
    return rows.map((row) => ({
      design: 'routed',
      unit: row.item,
      arm: row.arm,
      propensity: design.propensity,
      probabilityMin,
      label: row.label,
    }))
  }
  return [...seen].map(([unit, { candidate, baseline }]) => {
    if (!candidate || !baseline) {
      const present = (candidate ?? baseline) as Row
      throw fault(
        path,
        present.line,
        `item "${unit}" has no ${candidate ? 'baseline' : 'candidate'} row`,
        'give both arms a row (leave failure empty where the label is missing), or use --design unpaired',
      )
    }
    if (candidate.cluster !== baseline.cluster)
      throw fault(
        path,
        baseline.line,
        `item "${unit}" is of cluster "${baseline.cluster}" here and "${candidate.cluster}" in line ${candidate.line}`,
        'both arms of an item belong to one cluster',
      )
    if (candidate.identical !== baseline.identical)
      throw fault(
        path,
        baseline.line,
        `item "${unit}" is identical in one arm only (see line ${candidate.line})`,
        'say the same in both rows: a pair is identical, or it is not',
      )
    return {
      design: 'paired',
      unit,
      candidate: candidate.label,
      baseline: baseline.label,
      probabilityMin,
      ...(candidate.cluster === '' ? {} : { cluster: candidate.cluster }),
      ...(candidate.identical ? { identical: true } : {}),
    }
  })
}

async function readRows(path: string): Promise<readonly Row[]> {
  const parser = createReadStream(path)
    .on('error', (error) => parser.destroy(error))
    .pipe(
      parse({
        bom: true,
        info: true,
        skip_empty_lines: true,
        relax_column_count: true,
        max_record_size: 1_000_000,
      }),
    )
  const rows: Row[] = []
  let columns: readonly string[] | null = null
  try {
    for await (const entry of parser) {
      const { record, info } = entry as { record: readonly string[]; info: { lines: number } }
      if (columns === null) columns = readHeader(path, record)
      else rows.push(readRow(path, info.lines, columns, record))
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`${path}: ${reason}`, 'give a readable CSV file (UTF-8, comma separated)')
  }
  if (columns === null)
    throw new CommandError(`${path}: the file is empty`, `start it with the line ${REQUIRED.join(',')}`)
  return rows
}

function readHeader(path: string, record: readonly string[]): readonly string[] {
  const columns = record.map((name) => name.trim())
  for (const name of REQUIRED) {
    if (!columns.includes(name))
      throw fault(
        path,
        1,
        `column "${name}" is missing (found: ${columns.join(', ')})`,
        `the header is ${[...REQUIRED, ...OPTIONAL].join(',')}; those after failure may be left out`,
      )
  }
  for (const name of columns) {
    if (![...REQUIRED, ...OPTIONAL].includes(name as (typeof REQUIRED)[number]))
      throw fault(
        path,
        1,
        `column "${name}" is not known`,
        `known columns: ${[...REQUIRED, ...OPTIONAL].join(', ')}`,
      )
  }
  if (new Set(columns).size !== columns.length)
    throw fault(path, 1, 'a column stands twice', 'keep one of each')
  return columns
}

function readRow(path: string, line: number, columns: readonly string[], record: readonly string[]): Row {
  if (record.length !== columns.length)
    throw fault(
      path,
      line,
      `${record.length} values for ${columns.length} columns`,
      'quote values that hold commas',
    )
  const value = (name: string): string => (record[columns.indexOf(name)] ?? '').trim()
  const item = value('item')
  if (item === '') throw fault(path, line, 'item is empty', 'name the unit')
  const arm = value('arm')
  if (arm !== 'candidate' && arm !== 'baseline')
    throw fault(path, line, `arm is "${arm}"`, 'write candidate or baseline')
  const probability =
    columns.includes('probability') && value('probability') !== ''
      ? number(path, line, 'probability', value('probability'))
      : 1
  if (!(probability > 0 && probability <= 1))
    throw fault(path, line, `probability is ${probability}`, 'a number above 0 and up to 1')
  const judge =
    columns.includes('judge') && value('judge') !== '' ? number(path, line, 'judge', value('judge')) : null
  if (judge !== null && !(judge >= 0 && judge <= 1))
    throw fault(path, line, `judge is ${judge}`, 'the predicted failure, from 0 to 1')
  const failure = value('failure')
  if (failure !== '' && failure !== '0' && failure !== '1')
    throw fault(path, line, `failure is "${failure}"`, '0, 1, or empty when there is no label')
  const reaudit = readReaudit(path, line, (name) => (columns.includes(name) ? value(name) : ''))
  const label: ArmLabel =
    failure !== ''
      ? { kind: 'observed', failure: Number(failure), probability, judge, ...(reaudit ? { reaudit } : {}) }
      : { kind: probability < 1 ? 'unsampled' : 'missing', probability, judge }
  const optional = (name: string) => (columns.includes(name) ? value(name) : '')
  const identical = optional('identical')
  if (!['', '0', '1'].includes(identical))
    throw fault(
      path,
      line,
      `identical is "${identical}"`,
      '1 where both policies did the same, else 0 or empty',
    )
  return { item, arm, label, cluster: optional('cluster'), identical: identical === '1', line }
}

/** An expert's second look: `expertProbability` is that of the draw; `expert` is empty where the draw did not choose it. */
function readReaudit(path: string, line: number, value: (name: string) => string): Reaudit | null {
  const [expert, text] = [value('expert'), value('expertProbability')]
  if (text === '') {
    if (expert === '') return null
    throw fault(
      path,
      line,
      'expert has a label, but expertProbability is empty',
      'say with which probability the episode was drawn to be looked at again',
    )
  }
  const probability = number(path, line, 'expertProbability', text)
  if (!(probability > 0 && probability <= 1))
    throw fault(path, line, `expertProbability is ${probability}`, 'a number above 0 and up to 1')
  if (expert === 'missing' || (expert === '' && probability === 1)) return { kind: 'missing', probability }
  if (expert === '') return { kind: 'unsampled', probability }
  if (expert !== '0' && expert !== '1')
    throw fault(
      path,
      line,
      `expert is "${expert}"`,
      '0, 1, missing, or empty where the draw did not choose the episode',
    )
  return { kind: 'observed', failure: Number(expert), probability }
}

function number(path: string, line: number, name: string, text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value)) throw fault(path, line, `${name} is "${text}"`, 'a number')
  return value
}

function fault(path: string, line: number, what: string, fix: string): CommandError {
  return new CommandError(`${path}:${line}: ${what}`, fix)
}
