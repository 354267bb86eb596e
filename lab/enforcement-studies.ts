/** Studies of the server and its gateway while everything breaks. */
import { runRatingCrashes } from './crash/crash-rating.ts'
import { runCrashes } from './crash/crash-run.ts'
import { brokenTable, faultTable, haltTable } from './gateway-faults/fault-table.ts'
import type { Study } from './study.ts'

export const ENFORCEMENT_STUDIES: Readonly<Record<string, Study>> = {
  crash: {
    about: { input: 'server', from: 'the server itself, killed at seeded random moments' },
    run: async ({ short }) => {
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
  },
  'crash-rating': {
    about: { input: 'server', from: 'the server itself, killed while people rate' },
    run: async ({ short }) => {
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
  },
  'gateway-faults': {
    about: {
      input: 'server',
      from: 'two replicas of the gateway in processes of their own on one PostgreSQL, before models written for the study, while everything around them breaks',
    },
    run: ({ short }) => faultTable(short ? 3_000 : 100_000, toStderr),
  },
  'gateway-faults-planted': {
    about: {
      input: 'server',
      from: 'the study gateway-faults on copies of the sources, each with one rule of the gateway broken on purpose',
    },
    run: ({ short }) => brokenTable(short ? 1_000 : 4_000, toStderr),
  },
  'gateway-halt': {
    about: {
      input: 'server',
      from: 'two replicas of the gateway under load, halted again and again; times by the clock of the agents, until they have read the answer',
    },
    run: ({ short }) => haltTable(short ? SHORT_HALTS : { open: 12, deaf: 8, cut: 1, silent: 1 }, toStderr),
  },
}

const SHORT_HALTS = { open: 3, deaf: 3, cut: 1, silent: 0 }

const toStderr = (line: string) => {
  process.stderr.write(`${line}\n`)
}
