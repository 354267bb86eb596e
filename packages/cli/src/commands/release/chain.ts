/** `leeway release chain`: who vouches for whom, from the anchor up to the candidate. */
import { type ChainLink, type ChainView, type LinkRate, showChain } from '@leeway/contract/supervision'
import type { Command } from 'commander'
import { EXIT } from '../../exit-codes.ts'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRelease } from './find-release.ts'

export function registerReleaseChain(release: Command): void {
  withServerOptions(
    release
      .command('chain')
      .description(
        'who vouches for whom, from the anchor up to the candidate; ends with 3 where it is broken',
      )
      .argument('<release>', 'handle such as "retail 2", or an agent for its newest')
      .option('--json', 'print JSON'),
  ).action(async (name: string, options: ServerOptions & { readonly json?: boolean }) => {
    const client = serverClient(options)
    const chain = await withServer(async () => {
      const found = await findRelease(client, name)
      return client.call(showChain, { params: { releaseId: found.id } })
    })
    if (chain.broken !== null) process.exitCode = EXIT.hold
    if (options.json === true) printJson(chain)
    else printChain(chain)
  })
}

function printChain({ handle, bar, ground, links, broken }: ChainView): void {
  printLine(
    bar === null
      ? `${plainText(handle)}: the next stage asks for no supervision.`
      : `${plainText(handle)}: to ${bar.stage === null ? 'complete the release' : `open ${bar.stage}`}, every link must catch at least ${percent(bar.catchMin)} of the mistakes, with ${percent(bar.auditShareMin)} of its answers audited.`,
  )
  printLine()
  printLine(
    plainText(
      ground.kind === 'anchor'
        ? `${ground.policy} is the anchor.`
        : ground.kind === 'person'
          ? `${ground.policy} supervises because a person chose it.`
          : 'Nobody vouches for the lowest link.',
    ),
  )
  for (const link of links) printLink(link)
  if (broken === null) return
  printLine()
  printLine(plainText(`The next stage stays shut: ${broken.why}. To open it: ${broken.fix}.`))
}

function printLink(link: ChainLink): void {
  const { figures, supervisor } = link
  printLine()
  printLine(
    plainText(
      `${link.handle}: ${supervisor === null ? 'nobody' : `${supervisor.policy} (${supervisor.rater})`} supervises ${link.charge}`,
    ),
  )
  const mark = link.holds === null ? '' : link.holds ? 'Holds: ' : 'Does not hold: '
  printLine(plainText(`  ${mark}${link.sentence}`))
  if (supervisor === null) return
  printLine(`  catch rate ${rate(link.catchRate)}, false alarms ${rate(link.falseAlarmRate)}`)
  printLine(
    `  audits ${figures.audited} of ${figures.checked} answers; planted faults ${figures.canariesCaught} of ${figures.canariesShown} caught${link.sameFamily ? ', and it is of the same family' : ''}`,
  )
  if (link.named) printLine(plainText(`  Named by a person: ${link.reason}`))
  const same = link.recorded.filter((one) => one.same).length
  if (link.recorded.length > 0)
    printLine(`  ${same} of ${link.recorded.length} records in the ledger count again to the same`)
}

const percent = (share: number) => `${Math.round(100 * share)} %`
const rate = ({ estimate, low, high }: LinkRate) =>
  `${estimate === null ? 'unknown' : percent(estimate)} (${percent(low)} to ${percent(high)})`
