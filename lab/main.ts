/** `npm run lab -- <study> [--short]`: runs one study and writes its table into lab/RESULTS.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runRatingCrashes } from './crash/crash-rating.ts'
import { runCrashes } from './crash/crash-run.ts'
import { allocatorStudy, allocatorTable } from './studies/allocator.ts'
import { approvalWelfare, welfareTable } from './studies/approval-welfare.ts'
import { auditGame, auditGameTable } from './studies/audit-game.ts'
import { correlatedJudges, judgesTable } from './studies/correlated-judges.ts'
import { critiqueTable, critiqueTrade } from './studies/critique-trade.ts'
import { debateConsultancy, debateTable } from './studies/debate-consultancy.ts'
import { gateError, tableOf } from './studies/gate-error.ts'
import { FULL, gateValidity, gateValidityBeside, SHORT } from './studies/gate-validity.ts'
import { horizon, horizonTable } from './studies/horizon.ts'
import { coverageTable, intervalCoverage } from './studies/interval-coverage.ts'
import { labelsTable, labelsToPromote } from './studies/labels-to-promote.ts'
import { chainTable, marginBudget } from './studies/margin-budget.ts'
import { overOptimisation, overOptimisationTable } from './studies/over-optimisation.ts'
import { pairAuditsStudy, pairAuditsTable } from './studies/pair-audits.ts'
import { power, powerTable } from './studies/power.ts'
import { questionTree, questionTreeTable } from './studies/question-tree.ts'
import { monitorTable, sameWeightsMonitor } from './studies/same-weights-monitor.ts'
import { accuracyTable, truthInference } from './studies/truth-inference.ts'
import { judgesStudy } from './studies/truth-inference-judges.ts'
import { vettingStudy, vettingTable } from './studies/vetting.ts'
import { vouchingChain } from './studies/vouching-chain.ts'

const STUDIES: Readonly<Record<string, (short: boolean) => string | Promise<string>>> = {
  'gate-error': (short) =>
    tableOf(gateError(short ? { runs: 500, units: 600 } : { runs: 4000, units: 2000 })),
  'gate-validity': (short) => gateValidity(short ? SHORT : FULL, gridWork(short)),
  'gate-validity-beside': (short) => gateValidityBeside(short ? SHORT : FULL),
  power: (short) => powerTable(power(short ? { people: 200, judged: 20 } : { people: 2_000, judged: 1_500 })),
  horizon: (short) => horizonTable(horizon({ climbs: short ? 20 : 400, longBlocksMax: short ? 400 : 2_000 })),
  'interval-coverage': (short) => coverageTable(intervalCoverage({ runs: short ? 60 : 1_000 })),
  'margin-budget': (short) => chainTable(marginBudget({ chains: short ? 4 : 100 })),
  'labels-to-promote': (short) =>
    labelsTable(labelsToPromote(short ? { human: 300, active: 40 } : { human: 4_000, active: 600 })),
  'truth-inference': (short) =>
    accuracyTable(truthInference(dataArgument('a folder of sets'), short ? 2 : 20)),
  'truth-inference-judges': (short) => judgesStudy(dataArgument('a file of votes'), short ? 3 : 20),
  'correlated-judges': (short) => judgesTable(correlatedJudges(short ? 60 : 1_000)),
  'audit-game': (short) => auditGameTable(auditGame(short ? 200 : 20_000)),
  'same-weights-monitor': (short) => monitorTable(sameWeightsMonitor(short ? 300 : 10_000)),
  'question-tree': (short) =>
    questionTreeTable(questionTree(short ? { trees: 4_000, runs: 200 } : { trees: 40_000, runs: 2_000 })),
  'debate-consultancy': (short) =>
    debateTable(
      debateConsultancy(short ? { judgments: 4_000, studies: 100 } : { judgments: 40_000, studies: 2_000 }),
    ),
  'critique-trade': (short) =>
    critiqueTable(
      critiqueTrade(
        short ? { items: 4_000, arms: 40, tests: 500 } : { items: 100_000, arms: 1_000, tests: 10_000 },
      ),
    ),
  'over-optimisation': (short) =>
    overOptimisationTable(
      overOptimisation(short ? { draws: 100_000, runs: 20 } : { draws: 1_000_000, runs: 400 }),
    ),
  allocator: (short) => allocatorTable(allocatorStudy(short ? 60 : 1_000)),
  'pair-audits': (short) => pairAuditsTable(pairAuditsStudy(short ? 40 : 1_000)),
  'approval-welfare': (short) => welfareTable(approvalWelfare(short ? 4_000 : 100_000)),
  vetting: (short) => vettingTable(vettingStudy(short ? 10 : 200)),
  'vouching-chain': (short) => vouchingChain(dataArgument('a file of votes'), short ? 5 : 60),
  crash: async (short) => {
    const result = await runCrashes({
      kills: short ? 10 : 200,
      seed: 2,
      print: (line) => process.stderr.write(`${line}\n`),
    })
    const { kills, episodes, releases, units, checks, approvals, ledgerEntries, faults } = result
    const counts = [kills, episodes, releases, units, checks, approvals, ledgerEntries]
    return [
      '| kills | episodes acknowledged | releases | units | checks | approvals | ledger entries | lost or doubled |',
      '|---|---|---|---|---|---|---|---|',
      `| ${counts.join(' | ')} | ${faults.length === 0 ? 'nothing' : faults.join('; ')} |`,
    ].join('\n')
  },
  'crash-rating': async (short) => {
    const result = await runRatingCrashes({
      kills: short ? 6 : 40,
      seed: 2,
      print: (line) => process.stderr.write(`${line}\n`),
    })
    const { kills, acknowledged, unanswered, storedUnanswered, faults } = result
    return [
      '| kills | answers acknowledged | kills on a commit | of these stored before the kill | lost or doubled |',
      '|---|---|---|---|---|',
      `| ${[kills, acknowledged, unanswered, storedUnanswered].join(' | ')} | ${faults.length === 0 ? 'nothing' : faults.join('; ')} |`,
    ].join('\n')
  },
}

const [name = '', ...rest] = process.argv.slice(2)
const study = STUDIES[name]
if (!study) {
  process.stderr.write(`lab: no study "${name}". Studies: ${Object.keys(STUDIES).join(', ')}\n`)
  process.exitCode = 2
} else {
  const short = rest.includes('--short')
  const table = await study(short)
  process.stdout.write(`${table}\n`)
  if (!short) record(name, table)
}

/** `--minutes N` stops the grid after N minutes; it goes on from its kept chunks the next time. */
function gridWork(short: boolean) {
  const at = rest.indexOf('--minutes')
  const end = at === -1 ? Number.POSITIVE_INFINITY : Date.now() + Number(rest[at + 1]) * 60_000
  const name = short ? 'gate-validity-short.json' : 'gate-validity.json'
  return {
    path: fileURLToPath(new URL(`../node_modules/.cache/leeway-lab/${name}`, import.meta.url)),
    until: () => Date.now() >= end,
    print: (line: string) => process.stderr.write(`${line}\n`),
  }
}

/** Real data is not part of the project: `npm run lab -- <study> <path>` says where it is. */
function dataArgument(what: string): string {
  const path = rest.find((argument) => !argument.startsWith('--'))
  if (path === undefined) throw new Error(`${name} needs ${what}: npm run lab -- ${name} PATH`)
  return path
}

/** Replaces the study's own section and leaves all others as they are. */
function record(study: string, table: string): void {
  const path = new URL('RESULTS.md', import.meta.url)
  const before = readFileSync(path, 'utf8')
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`
  const date = new Date().toISOString().slice(0, 10)
  const section = `## ${study}\n\n${date}, ${machine}, \`npm run lab -- ${study}\`\n\n${table}\n`
  const [head = '', ...sections] = before.split(/^(?=## )/m)
  const others = sections.filter((text) => !text.startsWith(`## ${study}\n`))
  writeFileSync(path, [head, ...others, section].map((text) => `${text.trimEnd()}\n`).join('\n'))
}
