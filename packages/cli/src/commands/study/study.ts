import type { Command } from 'commander'
import { registerStudyReplay } from './replay.ts'

export function registerStudy(program: Command): void {
  registerStudyReplay(program.command('study').description('studies with raters'))
}
