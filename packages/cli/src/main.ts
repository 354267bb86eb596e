/** The `leeway` command: a list of registrations, and the one place that turns errors into exit codes. */
import { Command } from 'commander'
import { registerAdminLink } from './commands/admin/link.ts'
import { registerAdvise } from './commands/advise/advise.ts'
import { registerAgreement } from './commands/agreement/agreement.ts'
import { registerAnchorDeclare } from './commands/anchor/declare.ts'
import { registerBackup } from './commands/backup/backup.ts'
import { registerRestore } from './commands/backup/restore.ts'
import { registerCompare } from './commands/compare/compare.ts'
import { registerComparisonAsk } from './commands/comparison/ask.ts'
import { registerComparisonExport } from './commands/comparison/export.ts'
import { registerComparisonList } from './commands/comparison/list.ts'
import { registerComparisonShow } from './commands/comparison/show.ts'
import { registerContractDiff } from './commands/contract/diff.ts'
import { registerContractExport } from './commands/contract/export.ts'
import { registerContractShow } from './commands/contract/show.ts'
import { registerContractSimulate } from './commands/contract/simulate.ts'
import { registerContractVerify } from './commands/contract/verify.ts'
import { registerContractWrite } from './commands/contract/write.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerEpisodeErase } from './commands/episode/erase.ts'
import { registerEpisodeImport } from './commands/episode/import.ts'
import { registerEpisodeList } from './commands/episode/list.ts'
import { registerEpisodePlant } from './commands/episode/plant.ts'
import { registerEpisodeShow } from './commands/episode/show.ts'
import { registerEstimate } from './commands/estimate/estimate.ts'
import { registerGateCheck } from './commands/gate/check.ts'
import { registerGoldImport } from './commands/gold/import.ts'
import { registerGoldList } from './commands/gold/list.ts'
import { registerGoldRetire } from './commands/gold/retire.ts'
import { registerInfer } from './commands/infer/infer.ts'
import { registerJudgeDeclare } from './commands/judge/declare.ts'
import { registerJudgeList } from './commands/judge/list.ts'
import { registerJudgeRun } from './commands/judge/run.ts'
import { registerJudgeSpend } from './commands/judge/spend.ts'
import { registerKl } from './commands/kl/kl.ts'
import { registerLadderLint } from './commands/ladder/lint.ts'
import { registerLadderShow } from './commands/ladder/show.ts'
import { registerLedgerExport } from './commands/ledger/export.ts'
import { registerLedgerHead } from './commands/ledger/head.ts'
import { registerLedgerVerify } from './commands/ledger/verify.ts'
import { registerMcp } from './commands/mcp/mcp.ts'
import { registerOversightAudit } from './commands/oversight/audit.ts'
import { registerOversightChain } from './commands/oversight/chain.ts'
import { registerOversightSplit } from './commands/oversight/split.ts'
import { registerPlan } from './commands/plan/plan.ts'
import { registerRaterList } from './commands/rater/list.ts'
import { registerRaterShow } from './commands/rater/show.ts'
import { registerRaterTrust } from './commands/rater/trust.ts'
import { registerRaterVetting } from './commands/rater/vetting.ts'
import { registerRatingExport } from './commands/rating/export.ts'
import { registerRatingImport } from './commands/rating/import.ts'
import { registerReleaseApprove } from './commands/release/approve.ts'
import { registerReleaseChain } from './commands/release/chain.ts'
import { registerReleaseRollback } from './commands/release/rollback.ts'
import { registerReleaseStart } from './commands/release/start.ts'
import { registerReleaseStatus } from './commands/release/status.ts'
import { registerRewardShow } from './commands/reward/show.ts'
import { registerRubricApply } from './commands/rubric/apply.ts'
import { registerRubricCoverage } from './commands/rubric/coverage.ts'
import { registerRubricDraft } from './commands/rubric/draft.ts'
import { registerRubricForesee } from './commands/rubric/foresee.ts'
import { registerRubricLint } from './commands/rubric/lint.ts'
import { registerRubricShow } from './commands/rubric/show.ts'
import { registerServe } from './commands/serve.ts'
import { registerStudyReplay } from './commands/study/replay.ts'
import { registerSupervisorList } from './commands/supervisor/list.ts'
import { registerSupervisorRegister } from './commands/supervisor/register.ts'
import { registerSupervisorRun } from './commands/supervisor/run.ts'
import { registerWebhookAdd } from './commands/webhook/add.ts'
import { registerWebhookList } from './commands/webhook/list.ts'
import { registerWebhookRemove } from './commands/webhook/remove.ts'
import { registerWebhookRotate } from './commands/webhook/rotate.ts'
import { registerWebhookTest } from './commands/webhook/send-test.ts'
import { CommandError, EXIT } from './exit-codes.ts'

// `leeway … | head` closes the pipe early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const program = new Command('leeway')
  .description('Decides, from evidence, how much an AI agent may do unsupervised, and enforces it.')
  .showHelpAfterError('(leeway <command> --help says more)')
  .exitOverride()

registerAdvise(program)
registerServe(program)
registerMcp(program)
registerDoctor(program)
registerBackup(program)
registerRestore(program)
registerAgreement(program)
registerEstimate(program)
registerCompare(program)
registerInfer(program)
registerKl(program)
registerPlan(program)
registerStudyReplay(program.command('study').description('studies with raters'))
const oversight = program.command('oversight').description('what a way of supervising will come to, foreseen')
registerOversightSplit(oversight)
registerOversightChain(oversight)
registerOversightAudit(oversight)
const episode = program.command('episode').description('recorded runs of an agent')
registerEpisodeImport(episode)
registerEpisodeList(episode)
registerEpisodeShow(episode)
registerEpisodePlant(episode)
registerEpisodeErase(episode)
const gate = program.command('gate').description('evaluate a gate on evidence, without a server')
registerGateCheck(gate)
const ladder = program.command('ladder').description('the stages a release climbs')
registerLadderLint(ladder)
registerLadderShow(ladder)
const rubric = program.command('rubric').description('the questions that tell how an agent behaved')
registerRubricDraft(rubric)
registerRubricLint(rubric)
registerRubricShow(rubric)
registerRubricCoverage(rubric)
registerRubricForesee(rubric)
registerRubricApply(rubric)
const rating = program.command('rating').description('answers to the questions of a rubric')
registerRatingImport(rating)
registerRatingExport(rating)
const comparison = program
  .command('comparison')
  .description('which of two runs is better, asked of people and models')
registerComparisonAsk(comparison)
registerComparisonList(comparison)
registerComparisonShow(comparison)
registerComparisonExport(comparison)
const contract = program.command('contract').description('what an agent may do, as the gateway enforces it')
registerContractWrite(contract)
registerContractShow(contract)
registerContractDiff(contract)
registerContractVerify(contract)
registerContractExport(contract)
registerContractSimulate(contract)

const rater = program.command('rater').description('people, models and programs that answer')
registerRaterList(rater)
registerRaterShow(rater)
registerRaterTrust(rater)
registerRaterVetting(rater)
const gold = program.command('gold').description('known answers')
registerGoldImport(gold)
registerGoldList(gold)
registerGoldRetire(gold)
registerRewardShow(program.command('reward').description('what an episode is worth by its rubric'))
const ledger = program.command('ledger').description('the append-only record of decisions and changes')
registerLedgerHead(ledger)
registerLedgerVerify(ledger)
registerLedgerExport(ledger)
const judge = program.command('judge').description('models that answer the questions of a rubric')
registerJudgeDeclare(judge)
registerJudgeRun(judge)
registerJudgeList(judge)
registerJudgeSpend(judge)
const supervisor = program.command('supervisor').description('policies that supervise others')
registerSupervisorRegister(supervisor)
registerSupervisorList(supervisor)
registerSupervisorRun(supervisor)

const webhook = program.command('webhook').description('who is told of what happens')
registerWebhookAdd(webhook)
registerWebhookList(webhook)
registerWebhookTest(webhook)
registerWebhookRotate(webhook)
registerWebhookRemove(webhook)
const admin = program.command('admin').description('for whoever runs the server')
registerAdminLink(admin)
const release = program.command('release').description("a candidate's climb of the ladder")
registerReleaseStart(release)
registerReleaseStatus(release)
registerReleaseChain(release)
registerReleaseApprove(release)
registerReleaseRollback(release)
registerAnchorDeclare(program.command('anchor').description('the policy that named people declared safe'))

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
