/** `leeway oversight chain`: how likely a chain of supervisors is to hold, link by link, with core alone. */
import { bestChain, type Chain, chainWinProbability } from '@leeway/core/oversight/supervision-chain'
import type { Command } from 'commander'
import { printJson, printLine, printTable } from '../../output.ts'
import { finite, wholeNumber } from './share-option.ts'

type Options = {
  readonly guardSlope: number
  readonly guardIntercept: number
  readonly agentSlope: number
  readonly agentIntercept: number
  readonly start: number
  readonly gap: number
  readonly links: number
  readonly json?: boolean
}

const LINKS_SHOWN = 20

export function registerOversightChain(oversight: Command): void {
  oversight
    .command('chain')
    .description('how likely every guard wins where each supervises a stronger one, up to the agent')
    .requiredOption('--start <elo>', 'general strength of the first, trusted guard', finite)
    .requiredOption('--gap <elo>', 'how far above it the agent stands', finite)
    .option('--guard-slope <x>', 'strength as a guard, for each point of general strength', finite, 1)
    .option('--guard-intercept <elo>', 'strength as a guard at general strength 0', finite, 0)
    .option('--agent-slope <x>', 'strength as the supervised, for each point of general strength', finite, 1)
    .option('--agent-intercept <elo>', 'strength as the supervised at general strength 0', finite, 0)
    .option('--links <n>', 'at most so many links', wholeNumber, LINKS_SHOWN)
    .option('--json', 'print JSON')
    .action((options: Options) => {
      const chain: Chain = {
        guard: { slope: options.guardSlope, intercept: options.guardIntercept },
        supervised: { slope: options.agentSlope, intercept: options.agentIntercept },
        start: options.start,
        gap: options.gap,
      }
      const best = bestChain(chain, options.links)
      const chains = Array.from({ length: options.links }, (_, at) => ({
        links: at + 1,
        winProbability: chainWinProbability(chain, at + 1),
      }))
      if (options.json) return printJson({ best, chains })
      printLine(
        `Best with ${best.links} link${best.links === 1 ? '' : 's'}: all guards win with probability ${best.winProbability.toFixed(6)}.`,
      )
      printLine()
      printTable(
        ['links', 'all guards win'],
        chains
          .slice(0, LINKS_SHOWN)
          .map(({ links, winProbability }) => [String(links), winProbability.toFixed(6)]),
      )
      printLine()
      printLine('If links fail independently; one trick that beats them all would break the chain.')
    })
}
