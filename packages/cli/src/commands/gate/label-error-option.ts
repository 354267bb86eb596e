/** `--label-error` and `--gold`: how errors of the labels enter the decision, from what the files hold. */
import { readFile } from 'node:fs/promises'
import { ALPHA_SHARE, type GoldCounts, type LabelErrorPlan } from '@leeway/core/gate/label-error-plan'
import type { ArmLabel, GateUnit } from '@leeway/core/gate/unit'
import { parse } from 'csv-parse/sync'
import { CommandError } from '../../exit-codes.ts'

export async function readLabelError(
  options: { readonly labelError: string; readonly gold?: string },
  units: readonly GateUnit[],
): Promise<LabelErrorPlan | null> {
  const gold = options.gold === undefined ? null : await readGold(options.gold)
  switch (options.labelError) {
    case 'none':
      if (gold)
        throw new CommandError('--gold has no meaning without label error', 'say --label-error shared')
      return null
    case 'shared':
      if (!gold)
        throw new CommandError(
          '--label-error shared needs --gold',
          'give a CSV with the columns truth,failure of items whose truth is known',
        )
      return { kind: 'shared', gold, alphaShare: ALPHA_SHARE }
    case 'differential':
      return differential(units, gold)
    default:
      throw new CommandError(`--label-error is "${options.labelError}"`, 'say none, shared or differential')
  }
}

/** Floors from the file: right when the probabilities were fixed beforehand, as for audits (docs/methods/label-error.md). */
function differential(units: readonly GateUnit[], gold: GoldCounts | null): LabelErrorPlan {
  const labels = units.flatMap((unit): readonly ArmLabel[] =>
    unit.design === 'paired' ? [unit.candidate, unit.baseline] : [unit.label],
  )
  const floor = { passed: floorOf(labels, 0), failed: floorOf(labels, 1) }
  if (floor.passed === null)
    throw new CommandError(
      '--label-error differential needs re-audits of passed episodes of both arms',
      'fill expertProbability in every row whose failure is 0, and expert where the draw chose the episode',
    )
  if (floor.failed === null && !gold)
    throw new CommandError(
      'failed episodes were not looked at again, so false alarms must be known from gold',
      'give --gold, or fill expertProbability in every row whose failure is 1',
    )
  return {
    kind: 'differential',
    floor: { passed: floor.passed, failed: floor.failed },
    gold: floor.failed === null ? gold : null,
    alphaShare: ALPHA_SHARE,
  }
}

/** The smallest probability of a second look at labels that said `failure`; null when none has one. */
function floorOf(labels: readonly ArmLabel[], failure: number): number | null {
  const asked = labels.flatMap((label) =>
    label.kind === 'observed' && label.failure === failure ? [label.reaudit?.probability ?? null] : [],
  )
  const given = asked.filter((probability) => probability !== null)
  if (given.length === 0) return null
  if (given.length < asked.length)
    throw new CommandError(
      `${asked.length - given.length} rows with failure ${failure} have no expertProbability, ${given.length} have one`,
      'each needs the probability it was drawn with, drawn or not',
    )
  return Math.min(...given)
}

async function readGold(path: string): Promise<GoldCounts> {
  const rows = await readRows(path)
  const counts = { faults: 0, found: 0, sound: 0, passed: 0 }
  for (const [index, row] of rows.entries()) {
    const [truth, failure] = [row.truth, row.failure]
    if (!isBinary(truth) || !isBinary(failure))
      throw new CommandError(
        `${path}:${index + 2}: truth is "${truth ?? ''}", failure is "${failure ?? ''}"`,
        'both columns hold 0 or 1: what is true, and what the labels said',
      )
    if (truth === '1') {
      counts.faults += 1
      if (failure === '1') counts.found += 1
    } else {
      counts.sound += 1
      if (failure === '0') counts.passed += 1
    }
  }
  return counts
}

async function readRows(path: string): Promise<readonly Readonly<Record<string, string>>[]> {
  try {
    return parse(await readFile(path, 'utf8'), {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      trim: true,
    })
  } catch (error) {
    throw new CommandError(
      `${path}: ${error instanceof Error ? error.message : String(error)}`,
      'give a readable CSV file with the columns truth,failure',
    )
  }
}

function isBinary(value: string | undefined): boolean {
  return value === '0' || value === '1'
}
