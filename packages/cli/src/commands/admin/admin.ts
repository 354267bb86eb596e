import type { Command } from 'commander'
import { registerAdminLink } from './link.ts'

export function registerAdmin(program: Command): void {
  registerAdminLink(program.command('admin').description('for whoever runs the server'))
}
