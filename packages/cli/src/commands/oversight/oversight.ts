import type { Command } from 'commander'
import { registerOversightAudit } from './audit.ts'
import { registerOversightChain } from './chain.ts'
import { registerOversightSplit } from './split.ts'

export function registerOversight(program: Command): void {
  const oversight = program
    .command('oversight')
    .description('what a way of supervising will come to, foreseen')
  registerOversightSplit(oversight)
  registerOversightChain(oversight)
  registerOversightAudit(oversight)
}
