/** `leeway rubric apply`: saves a rubric for an agent, has its programs answer, and shows how well they predict. */
import { applyRubric, type PredictionView, saveRubric, showPredictions } from '@leeway/contract/rubrics'
import type { Command } from 'commander'
import { plainText, printJson, printLine, printTable } from '../../output.ts'
import { type ServerOptions, serverClient, withServer, withServerOptions } from '../../server-connection.ts'
import { problemLine, readRubricFile } from './rubric-file.ts'

type Options = ServerOptions & { readonly agent: string; readonly json?: boolean }

export function registerRubricApply(rubric: Command): void {
  withServerOptions(
    rubric
      .command('apply')
      .description(
        'save a rubric for an agent, run its programs on every episode, and show how well they predict',
      )
      .argument('<rubric.yaml>')
      .requiredOption('--agent <name>', 'the agent')
      .option('--json', 'print JSON'),
  ).action(async (path: string, options: Options) => {
    const file = await readRubricFile(path)
    const client = serverClient(options)
    await withServer(async () => {
      const saved = await client.call(saveRubric, { body: { agent: options.agent, source: file.source } })
      const params = { rubric: saved.id }
      let episodes = 0
      for (let remaining = 1; remaining > 0; ) {
        const done = await client.call(applyRubric, { params, body: {} })
        episodes += done.episodes
        remaining = done.episodes === 0 ? 0 : done.remaining
      }
      const { items } = await client.call(showPredictions, { params })
      if (options.json) {
        printJson({ ...saved, episodes, predictions: items })
        return
      }
      for (const warning of saved.warnings) printLine(plainText(`warning: ${problemLine(path, warning)}`))
      printLine(
        plainText(
          `"${file.rubric.name}" is ${saved.added ? 'saved as' : 'known as'} version ${saved.version}. Its programs answered on ${episodes} episode${episodes === 1 ? '' : 's'}${episodes === 0 ? ': none lacked their answers' : ''}.`,
        ),
      )
      for (const left of saved.leftBehind)
        printLine(
          plainText(
            `The wording of "${left.id}" changed: its ${left.ratings} answers stay with the version before.`,
          ),
        )
      printPredictions(items)
    })
  })
}

function printPredictions(items: readonly PredictionView[]): void {
  if (items.every(({ auroc }) => auroc === null)) {
    printLine('No episode has a trusted outcome, so nothing says how well the answers predict it.')
    return
  }
  printLine()
  printLine(
    'How well each tells success from failure, where the outcome is trusted (0.5 says nothing, 1 all):',
  )
  printTable(
    ['question', 'by', 'episodes', 'AUROC', '95 % interval'],
    items.map((item) => [
      item.id === '' ? plainText(item.question) : item.id,
      item.by,
      String(item.episodes),
      item.auroc === null ? '–' : item.auroc.toFixed(2),
      item.low === null || item.high === null ? '–' : `${item.low.toFixed(2)} to ${item.high.toFixed(2)}`,
    ]),
  )
}
