/** `leeway drift limit`: from which share of unlike conversations on somebody is alerted. */
import { DRIFT_SHARE_MIN, setDriftLimit } from '@leeway/contract/drift'
import { type Command, InvalidArgumentError } from 'commander'
import { printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { limitWords } from './limit-words.ts'

export function registerDriftLimit(drift: Command): void {
  withServerOptions(drift.command('limit'))
    .description('set from which share of unlike conversations on an alert begins')
    .argument('<share>', `from ${DRIFT_SHARE_MIN} to below 1, or none`, readShare)
    .action(async (shareMax: number | null, options: ServerOptions) => {
      const client = serverClient(options)
      const set = await withServer(() => client.call(setDriftLimit, { body: { shareMax } }))
      printLine(limitWords(set.shareMax))
    })
}

function readShare(text: string): number | null {
  if (text === 'none') return null
  const share = Number(text)
  if (text.trim() === '' || !(share >= DRIFT_SHARE_MIN && share < 1))
    throw new InvalidArgumentError(
      `"${text}" is neither none nor a share from ${DRIFT_SHARE_MIN} to below 1: chance alone comes near less.`,
    )
  return share
}
