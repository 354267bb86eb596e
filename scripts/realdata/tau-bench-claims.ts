/** Claims on τ-bench results: imports count right, decisions agree with `gate check`, harm rolls back, gain promotes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkGate } from '@leeway/core/gate/check'
import { planAt } from '@leeway/core/gate/plan'
import type { PairedUnit } from '@leeway/core/gate/unit'
import { orderUnits } from '@leeway/server/releases/draw'
import type { Claims } from './claim.ts'
import type { DataFile } from './data-files.ts'
import { type LocalServer, leeway } from './leeway-command.ts'

/** Success rates we state in the documentation, by SHA-256 of the file. */
const KNOWN_RATES: Readonly<Record<string, number>> = {
  '4acf3e65841a0c54e639c1d932b91cc4cc61fc93a27ece547a5a0b9900ee39bf': 0.73,
  f4dbf571b0e16a8105fc953615c6016b5e2e8ad3e0ae700d1814de8b539e3f89: 0.7,
  '361e2a7f490d29f01fa05c4e754bf296696443e9cf9f34ef1a93740c95a65ece': 0.49,
}
const MARGIN = 0.05
const SEEDS = 200

type Row = { readonly task_id: number | string; readonly reward: number }

export async function checkTauBench(
  files: readonly DataFile[],
  claims: Claims,
  server: LocalServer,
): Promise<void> {
  for (const file of files) await checkImport(file, claims, server)
  for (const baseline of files) {
    for (const candidate of files) {
      if (baseline !== candidate && sameTasks(baseline, candidate))
        await checkPair(baseline, candidate, claims, server)
    }
  }
}

async function checkImport(file: DataFile, claims: Claims, server: LocalServer): Promise<void> {
  const rows = file.json as readonly Row[]
  const rate = rows.reduce((sum, row) => sum + row.reward, 0) / rows.length
  const { exit, json } = await leeway(
    ['episode', 'import', file.path, '--agent', 'realdata', '--policy', file.name, '--json'],
    server.environment,
  )
  const summary = json as { added?: number; outcomes?: number; successes?: number } | null
  const imported = (summary?.successes ?? Number.NaN) / (summary?.outcomes ?? Number.NaN)
  claims.hold(
    exit === 0 && summary?.added === rows.length,
    `${file.name}: every record is imported`,
    `${summary?.added} of ${rows.length}`,
  )
  claims.hold(
    Math.abs(imported - rate) < 1e-9,
    `${file.name}: success rate as an independent reader finds it`,
    `${imported.toFixed(4)}`,
  )
  const known = KNOWN_RATES[file.sha256]
  if (known !== undefined)
    claims.hold(
      Math.abs(imported - known) < 1e-9,
      `${file.name}: success rate as documented`,
      known.toFixed(2),
    )
}

async function checkPair(
  baseline: DataFile,
  candidate: DataFile,
  claims: Claims,
  server: LocalServer,
): Promise<void> {
  const name = `${candidate.name} against ${baseline.name}`
  const units = pairs(baseline, candidate)
  const plan = planAt(MARGIN)
  const inCore = checkGate(units, plan, { seen: 0, audited: 0 })
  const byCommand = await gateCheck(units)
  claims.hold(
    byCommand?.decision === inCore.verdict &&
      byCommand.crossedAt === (inCore.evidence.rollbackCrossedAt ?? inCore.evidence.promoteCrossedAt),
    `${name}: gate check on the derived CSV decides as the core does`,
    `${byCommand?.decision} after ${byCommand?.crossedAt ?? '-'} pairs in file order`,
  )
  const started = await leeway(
    [
      'release',
      'start',
      '--agent',
      'realdata',
      '--baseline',
      baseline.name,
      '--candidate',
      candidate.name,
      '--json',
    ],
    server.environment,
  )
  const verdict = (started.json as { check?: { verdict?: string; crossedAt?: number | null } } | null)?.check
  claims.hold(
    verdict?.verdict === inCore.verdict,
    `${name}: a release decides the same`,
    `${verdict?.verdict} after ${verdict?.crossedAt ?? '-'} units in its own order`,
  )
  if (inCore.verdict !== 'rollback') return
  const crossed = Array.from({ length: SEEDS }, (_, seed) => {
    const order = orderUnits(
      Buffer.from(`seed ${seed}`),
      units.map(({ unit }) => unit),
    )
    const byName = new Map(units.map((unit) => [unit.unit, unit]))
    return checkGate(
      order.map((unit) => byName.get(unit) as PairedUnit),
      plan,
      { seen: 0, audited: 0 },
    ).evidence.rollbackCrossedAt
  })
  const at = crossed.filter((one) => one !== null).sort((a, b) => a - b)
  claims.hold(
    at.length === SEEDS,
    `${name}: rolls back under each of ${SEEDS} seeds`,
    `${at.length} of ${SEEDS}; after ${at[0]} to ${at.at(-1)} units, median ${at[at.length >> 1]}`,
  )
  const swapped = checkGate(pairs(candidate, baseline), plan, { seen: 0, audited: 0 })
  claims.hold(
    swapped.verdict === 'promote',
    `${name}: with the roles swapped it promotes`,
    `${swapped.verdict} after ${swapped.evidence.promoteCrossedAt ?? '-'} pairs`,
  )
}

function sameTasks(a: DataFile, b: DataFile): boolean {
  const tasks = (file: DataFile) => new Set((file.json as readonly Row[]).map((row) => String(row.task_id)))
  const first = tasks(a)
  const second = tasks(b)
  return first.size === second.size && [...first].every((task) => second.has(task))
}

/** By task, in the order of the baseline's file; trials of a task are averaged. */
function pairs(baseline: DataFile, candidate: DataFile): readonly PairedUnit[] {
  const failures = (file: DataFile) => {
    const byTask = new Map<string, number[]>()
    for (const row of file.json as readonly Row[])
      byTask.set(String(row.task_id), [...(byTask.get(String(row.task_id)) ?? []), 1 - row.reward])
    return byTask
  }
  const ofCandidate = failures(candidate)
  const label = (values: readonly number[]) =>
    ({
      kind: 'observed',
      failure: values.reduce((sum, one) => sum + one, 0) / values.length,
      probability: 1,
      judge: null,
    }) as const
  return [...failures(baseline)].map(([task, values]) => ({
    design: 'paired',
    unit: task,
    candidate: label(ofCandidate.get(task) ?? []),
    baseline: label(values),
  }))
}

async function gateCheck(
  units: readonly PairedUnit[],
): Promise<{ readonly decision: string; readonly crossedAt: number | null } | null> {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-csv-'))
  try {
    const failure = (label: PairedUnit['candidate']) =>
      label.kind === 'observed' ? String(Math.round(label.failure)) : ''
    const lines = units.flatMap(({ unit, candidate, baseline }) => [
      `${unit},candidate,${failure(candidate)}`,
      `${unit},baseline,${failure(baseline)}`,
    ])
    writeFileSync(join(folder, 'evidence.csv'), ['item,arm,failure', ...lines, ''].join('\n'))
    return (
      await leeway(['gate', 'check', join(folder, 'evidence.csv'), '--margin', String(MARGIN), '--json'])
    ).json as never
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
