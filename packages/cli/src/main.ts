/** The `leeway` command: which part of the program each command is in, and the one place that turns errors into exit codes. */
import { Command } from 'commander'
import { CommandError, EXIT } from './exit-codes.ts'

/** Loading all of them takes half a second: only the one that is called is loaded, all for help and for what nobody knows. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  advise: async () => (await import('./commands/advise/advise.ts')).registerAdvise,
  serve: async () => (await import('./commands/serve.ts')).registerServe,
  mcp: async () => (await import('./commands/mcp/mcp.ts')).registerMcp,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  backup: async () => (await import('./commands/backup/backup.ts')).registerBackup,
  restore: async () => (await import('./commands/backup/restore.ts')).registerRestore,
  agreement: async () => (await import('./commands/agreement/agreement.ts')).registerAgreement,
  estimate: async () => (await import('./commands/estimate/estimate.ts')).registerEstimate,
  compare: async () => (await import('./commands/compare/compare.ts')).registerCompare,
  infer: async () => (await import('./commands/infer/infer.ts')).registerInfer,
  kl: async () => (await import('./commands/kl/kl.ts')).registerKl,
  plan: async () => (await import('./commands/plan/plan.ts')).registerPlan,
  study: async () => (await import('./commands/study/study.ts')).registerStudy,
  oversight: async () => (await import('./commands/oversight/oversight.ts')).registerOversight,
  episode: async () => (await import('./commands/episode/episode.ts')).registerEpisode,
  gate: async () => (await import('./commands/gate/gate.ts')).registerGate,
  ladder: async () => (await import('./commands/ladder/ladder.ts')).registerLadder,
  rubric: async () => (await import('./commands/rubric/rubric.ts')).registerRubric,
  rating: async () => (await import('./commands/rating/rating.ts')).registerRating,
  comparison: async () => (await import('./commands/comparison/comparison.ts')).registerComparison,
  contract: async () => (await import('./commands/contract/contract.ts')).registerContract,
  drift: async () => (await import('./commands/drift/drift.ts')).registerDrift,
  rater: async () => (await import('./commands/rater/rater.ts')).registerRater,
  gold: async () => (await import('./commands/gold/gold.ts')).registerGold,
  reward: async () => (await import('./commands/reward/reward.ts')).registerReward,
  ledger: async () => (await import('./commands/ledger/ledger.ts')).registerLedger,
  judge: async () => (await import('./commands/judge/judge.ts')).registerJudge,
  supervisor: async () => (await import('./commands/supervisor/supervisor.ts')).registerSupervisor,
  webhook: async () => (await import('./commands/webhook/webhook.ts')).registerWebhook,
  admin: async () => (await import('./commands/admin/admin.ts')).registerAdmin,
  release: async () => (await import('./commands/release/release.ts')).registerRelease,
  incident: async () => (await import('./commands/incident/incident.ts')).registerIncident,
  anchor: async () => (await import('./commands/anchor/anchor.ts')).registerAnchor,
}

// `leeway … | head` closes the pipe early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const program = new Command('leeway')
  .description('Decides, from evidence, how much an AI agent may do unsupervised, and enforces it.')
  .showHelpAfterError('(leeway <command> --help says more)')
  .exitOverride()

const named = process.argv[2] ?? ''
const called = Object.hasOwn(COMMANDS, named) ? [COMMANDS[named]] : Object.values(COMMANDS)
for (const load of called) (await load?.())?.(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

function report(error: unknown): number {
  if (error instanceof CommandError) {
    process.stderr.write(`leeway: ${error.message}\n        ${error.fix}\n`)
    return error.exitCode
  }
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')) {
    // commander has printed its own message; help and version are no errors.
    return 'exitCode' in error && error.exitCode === 0 ? EXIT.ok : EXIT.badInput
  }
  process.stderr.write(
    `leeway: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return EXIT.internal
}
