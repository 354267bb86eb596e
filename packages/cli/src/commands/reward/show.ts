/** `leeway reward show`: the reward of an episode, its parts, and who said what. */
import { type RewardPart, type RewardValue, showReward } from '@leeway/contract/rewards'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'

type Options = ServerOptions & { readonly rubric?: string; readonly json?: boolean }

export function registerRewardShow(reward: Command): void {
  withServerOptions(
    reward
      .command('show')
      .description('print the reward of an episode and what it is made of')
      .argument('<episode>', 'id of the episode')
      .option('--rubric <id>', "a version of the agent's rubric (default: the newest)")
      .option('--json', 'print JSON'),
  ).action(async (episode: string, options: Options) => {
    const client = serverClient(options)
    await withServer(async () => {
      const { reward: found } = await client.call(showReward, {
        params: { episode },
        query: options.rubric === undefined ? {} : { rubric: options.rubric },
      })
      if (options.json === true) return printJson(found)
      if (found === null)
        return printLine("The episode's agent has no rubric. Save one: leeway rubric apply FILE --agent NAME")
      const { answered, total, notApplicable } = found.completeness
      printLine(`Reward: ${valueWords(found.value)}`)
      printLine(
        plainText(
          `By "${found.rubric.name}", version ${found.rubric.version}; ${answered} of ${total} questions answered${notApplicable > 0 ? `, ${notApplicable} ${notApplicable === 1 ? 'does' : 'do'} not arise` : ''}.`,
        ),
      )
      printLine()
      for (const part of found.parts) printPart(part)
    })
  })
}

function printPart(part: RewardPart): void {
  const indent = '  '.repeat(part.depth)
  printLine(plainText(`${indent}${part.id}: ${valueWords(part.value)}  ${part.question ?? ''}`))
  for (const rating of part.ratings) {
    const said = rating.answer.kind === 'answered' ? String(rating.answer.value) : rating.answer.kind
    printLine(plainText(`${indent}    ${rating.raterName} (${rating.raterKind}): ${said}`))
  }
}

function valueWords(value: RewardValue): string {
  if (value.kind === 'known')
    return `${value.estimate.toFixed(2)} (${value.low.toFixed(2)} to ${value.high.toFixed(2)})`
  return value.missing.length === 0 ? 'does not arise' : `unknown, missing: ${value.missing.join(', ')}`
}
