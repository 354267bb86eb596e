import type { Command } from 'commander'
import { registerSupervisorList } from './list.ts'
import { registerSupervisorRegister } from './register.ts'
import { registerSupervisorRun } from './run.ts'

export function registerSupervisor(program: Command): void {
  const supervisor = program.command('supervisor').description('policies that supervise others')
  registerSupervisorRegister(supervisor)
  registerSupervisorList(supervisor)
  registerSupervisorRun(supervisor)
}
