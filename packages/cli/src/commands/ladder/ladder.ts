import type { Command } from 'commander'
import { registerLadderLint } from './lint.ts'
import { registerLadderShow } from './show.ts'

export function registerLadder(program: Command): void {
  const ladder = program.command('ladder').description('the stages a release climbs')
  registerLadderLint(ladder)
  registerLadderShow(ladder)
}
