import type { Command } from 'commander'
import { registerReleaseApprove } from './approve.ts'
import { registerReleaseChain } from './chain.ts'
import { registerReleaseRollback } from './rollback.ts'
import { registerReleaseStart } from './start.ts'
import { registerReleaseStatus } from './status.ts'
import { registerReleaseWatch } from './watch.ts'

export function registerRelease(program: Command): void {
  const release = program.command('release').description("a candidate's climb of the ladder")
  registerReleaseStart(release)
  registerReleaseStatus(release)
  registerReleaseChain(release)
  registerReleaseApprove(release)
  registerReleaseRollback(release)
  registerReleaseWatch(release)
}
