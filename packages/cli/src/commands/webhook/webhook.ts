import type { Command } from 'commander'
import { registerWebhookAdd } from './add.ts'
import { registerWebhookList } from './list.ts'
import { registerWebhookRemove } from './remove.ts'
import { registerWebhookRotate } from './rotate.ts'
import { registerWebhookTest } from './send-test.ts'

export function registerWebhook(program: Command): void {
  const webhook = program.command('webhook').description('who is told of what happens')
  registerWebhookAdd(webhook)
  registerWebhookList(webhook)
  registerWebhookTest(webhook)
  registerWebhookRotate(webhook)
  registerWebhookRemove(webhook)
}
