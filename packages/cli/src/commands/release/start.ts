import { showRelease, startRelease, type Truth } from '@leeway/contract/releases'
import { type Command, Option } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { numberBetween } from '../gate/number-option.ts'
import { findJudge } from '../judge/find-judge.ts'
import { findRubric } from '../rubric/find-rubric.ts'
import { printRelease } from './print-release.ts'

type Options = ServerOptions & {
  readonly agent: string
  readonly baseline: string
  readonly candidate: string
  readonly stream?: boolean
  readonly rubric?: string
  readonly criterion?: string
  readonly labelError: 'shared' | 'differential' | 'none'
  readonly secondLookShare: number
  readonly auditShare: number
  readonly allocateAudits?: boolean
  readonly consequential: readonly string[]
  readonly supervisor?: string
  readonly supervisorReason?: string
  readonly json?: boolean
}

export function registerReleaseStart(release: Command): void {
  withServerOptions(
    release
      .command('start')
      .description('start the climb of a candidate; on recorded episodes its first check runs at once')
      .requiredOption('--agent <name>', 'the agent')
      .requiredOption('--baseline <policy>', 'the policy trusted now')
      .requiredOption('--candidate <policy>', 'the policy that wants its place')
      .option('--stream', 'assign units as they arrive instead of drawing recorded ones')
      .option('--rubric <name>', 'take what trusted people answer for the truth, not recorded outcomes')
      .option('--criterion <id>', "the rubric's yes/no question to take (default: its root)")
      .addOption(
        new Option(
          '--label-error <how>',
          'people err: bounded by gold (shared), experts look again (differential), or not counted (none)',
        )
          .choices(['shared', 'differential', 'none'])
          .default('shared'),
      )
      .option(
        '--second-look-share <share>',
        'with differential: share of the answered units that experts answer again',
        numberBetween(0.05, 1),
        0.25,
      )
      .option(
        '--audit-share <share>',
        'share of recorded units that people see; programs and models speak for the rest',
        numberBetween(0.05, 1),
        1,
      )
      .option(
        '--allocate-audits',
        'show people the units that tell most for their minutes, in the time of the audit share',
      )
      .option(
        '--consequential <tool...>',
        'tools whose calls matter: pairs that do the same with them need no labels',
        [],
      )
      .option(
        '--supervisor <judge>',
        'who vouches for the candidate (default: a registered rater of the policy promoted last)',
      )
      .option('--supervisor-reason <text>', 'why this one')
      .option('--json', 'print JSON'),
  ).action(async (options: Options) => {
    const client = serverClient(options)
    await withServer(async () => {
      const { agent, baseline, candidate } = options
      const { id } = await client.call(startRelease, {
        body: {
          agent,
          baseline,
          candidate,
          unitSource: options.stream ? 'stream' : 'finite',
          truth: await truthOf(client, options),
          ...(options.supervisor === undefined ? {} : { supervisor: await named(client, options) }),
        },
      })
      printRelease(await client.call(showRelease, { params: { releaseId: id } }), options.json === true)
    })
  })
}

async function named(client: ReturnType<typeof serverClient>, options: Options) {
  const rater = (await findJudge(client, options.supervisor ?? '')).id
  if (options.supervisorReason !== undefined) return { rater, reason: options.supervisorReason }
  throw new CommandError(
    'Naming a supervisor takes a reason.',
    'Say why it is not the policy that was promoted last: --supervisor-reason.',
  )
}

async function truthOf(client: ReturnType<typeof serverClient>, options: Options): Promise<Truth> {
  if (options.rubric === undefined) return { kind: 'outcome' }
  const found = await findRubric(client, options.rubric, options.agent)
  return {
    kind: 'criterion',
    rubric: found.id,
    ...(options.criterion === undefined ? {} : { criterion: options.criterion }),
    labelError: options.labelError,
    secondLookShare: options.secondLookShare,
    auditShare: options.auditShare,
    auditsBy: options.allocateAudits ? 'allocation' : 'share',
    consequentialTools: [...options.consequential],
  }
}
