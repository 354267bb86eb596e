import type { Command } from 'commander'
import { registerGoldImport } from './import.ts'
import { registerGoldList } from './list.ts'
import { registerGoldRetire } from './retire.ts'

export function registerGold(program: Command): void {
  const gold = program.command('gold').description('known answers')
  registerGoldImport(gold)
  registerGoldList(gold)
  registerGoldRetire(gold)
}
