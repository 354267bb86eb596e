import type { Command } from 'commander'
import { registerRaterList } from './list.ts'
import { registerRaterShow } from './show.ts'
import { registerRaterTrust } from './trust.ts'
import { registerRaterVetting } from './vetting.ts'

export function registerRater(program: Command): void {
  const rater = program.command('rater').description('people, models and programs that answer')
  registerRaterList(rater)
  registerRaterShow(rater)
  registerRaterTrust(rater)
  registerRaterVetting(rater)
}
