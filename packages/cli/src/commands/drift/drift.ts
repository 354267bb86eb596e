import type { Command } from 'commander'
import { registerDriftLimit } from './limit.ts'
import { registerDriftShow } from './show.ts'

export function registerDrift(program: Command): void {
  const drift = program.command('drift').description('conversations that are unlike anything that was rated')
  registerDriftShow(drift)
  registerDriftLimit(drift)
}
