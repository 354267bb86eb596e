/** `leeway incident report`: says that an episode did harm. A grave one rolls its candidate back at once. */
import { reportIncident } from '@leeway/contract/incidents'
import { showRubric } from '@leeway/contract/rubrics'
import { SEVERITIES, type Severity } from '@leeway/core/critiques/claim'
import { ROLLS_BACK_FROM } from '@leeway/core/ladder/incident-rule'
import { type Command, Option } from 'commander'
import { CommandError } from '../../exit-codes.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { findRubric } from '../rubric/find-rubric.ts'
import { printIncident } from './print-incident.ts'

type Options = ServerOptions & {
  readonly severity: Severity
  readonly reason: string
  readonly rubric?: string
  readonly agent?: string
  readonly question?: string
  readonly answer?: string
  readonly json?: boolean
}

export function registerIncidentReport(incident: Command): void {
  withServerOptions(
    incident
      .command('report')
      .description('report an episode that did harm')
      .argument('<episode>', 'id of the episode')
      .addOption(
        new Option(
          '--severity <word>',
          `${SEVERITIES.join(', ')}; from ${ROLLS_BACK_FROM} on its candidate is rolled back at once`,
        )
          .choices(SEVERITIES)
          .makeOptionMandatory(),
      )
      .requiredOption('--reason <words>', 'what happened')
      .option('--rubric <name>', 'the rubric whose question it violated, by name or id')
      .option('--agent <name>', 'its agent, where several have one of that name')
      .option('--question <id>', 'that question: the episode becomes a known answer to it')
      .option('--answer <answer>', 'the right answer about this episode')
      .option('--json', 'print JSON'),
  ).action(async (episode: string, { severity, reason, json, ...options }: Options) => {
    const client = serverClient(options)
    const { rubric, question, answer } = options
    const named = [rubric, question, answer].filter((one) => one !== undefined).length
    if (named !== 0 && named !== 3)
      throw new CommandError(
        'A known answer needs --rubric, --question and --answer.',
        'Give all three, or none.',
      )
    await withServer(async () => {
      const violated = named === 0 ? undefined : await violation(client, options)
      const body = { episode, severity, reason, ...(violated === undefined ? {} : { violated }) }
      printIncident(await client.call(reportIncident, { body }), json === true)
    })
  })
}

async function violation(
  client: ReturnType<typeof serverClient>,
  {
    rubric = '',
    agent,
    question = '',
    answer = '',
  }: Pick<Options, 'rubric' | 'agent' | 'question' | 'answer'>,
) {
  const found = await findRubric(client, rubric, agent)
  const { nodes } = await client.call(showRubric, { params: { rubric: found.id } })
  const asked = nodes.flatMap(({ criterion }) => (criterion === null ? [] : [criterion]))
  const criterion = asked.find(({ id }) => id === question)
  if (criterion === undefined)
    throw new CommandError(
      `The rubric has no question "${question}".`,
      `Name one of: ${asked
        .map(({ id }) => id)
        .slice(0, 20)
        .join(', ')}.`,
    )
  return { criterionSha256: criterion.sha256, value: answer }
}
