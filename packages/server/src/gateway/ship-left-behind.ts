/** Records on this disk of processes that are not there any more: of fewer than before, the last have no successor. */
import { readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Effects } from '../http/environment.ts'
import { type ShippingOptions, shipSpool } from './ship-spool.ts'
import { openSpool } from './spool.ts'

/** Ships them, and takes the folder away when it is empty; what the database does not take now waits for the next start. */
export async function shipLeftBehind(
  effects: Pick<Effects, 'db' | 'now' | 'log'>,
  directory: string,
  onShipped?: ShippingOptions['onShipped'],
): Promise<void> {
  const spool = openSpool({ directory, bytesMax: 0 })
  const shipping = shipSpool(effects, spool, {
    refusedFile: join(directory, 'refused.jsonl'),
    ...(onShipped === undefined ? {} : { onShipped }),
  })
  await shipping.stop()
  await spool.close()
  const { bytes } = spool.waiting()
  if (bytes > 0) effects.log.warn({ directory, bytes }, 'records of the gateway wait for the next start')
  else if (readdirSync(directory).length === 0) rmdirSync(directory)
}
