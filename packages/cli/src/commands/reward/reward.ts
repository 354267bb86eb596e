import type { Command } from 'commander'
import { registerRewardShow } from './show.ts'

export function registerReward(program: Command): void {
  registerRewardShow(program.command('reward').description('what an episode is worth by its rubric'))
}
