import type { Command } from 'commander'
import { registerAnchorDeclare } from './declare.ts'

export function registerAnchor(program: Command): void {
  registerAnchorDeclare(program.command('anchor').description('the policy that named people declared safe'))
}
