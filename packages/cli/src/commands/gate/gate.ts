import type { Command } from 'commander'
import { registerGateCheck } from './check.ts'

export function registerGate(program: Command): void {
  registerGateCheck(program.command('gate').description('evaluate a gate on evidence, without a server'))
}
