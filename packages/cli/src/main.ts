/** The `leeway` command: a list of registrations, and the one place that turns errors into exit codes. */
import { Command } from 'commander'
import { registerAdvise } from './commands/advise/advise.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerGateCheck } from './commands/gate/check.ts'
import { registerLadderLint } from './commands/ladder/lint.ts'
import { registerLadderShow } from './commands/ladder/show.ts'
import { registerServe } from './commands/serve.ts'
import { CommandError, EXIT } from './exit-codes.ts'

const program = new Command('leeway')
  .description('Decides, from evidence, how much an AI agent may do unsupervised, and enforces it.')
  .showHelpAfterError('(leeway <command> --help says more)')
  .exitOverride()

registerAdvise(program)
registerServe(program)
registerDoctor(program)
const gate = program.command('gate').description('evaluate a gate on evidence, without a server')
registerGateCheck(gate)
const ladder = program.command('ladder').description('the stages a release climbs')
registerLadderLint(ladder)
registerLadderShow(ladder)

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
