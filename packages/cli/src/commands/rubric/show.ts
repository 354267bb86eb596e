/** `leeway rubric show`: the tree of a rubric file in words, with what each program looks for. */
import { describeCheck } from '@leeway/core/checks/describe-check'
import type { RubricNode } from '@leeway/core/rubrics/rubric'
import { optionsOf, type Scale } from '@leeway/core/rubrics/scale'
import type { Command } from 'commander'
import { plainText, printJson, printLine } from '../../output.ts'
import { readRubricFile } from './rubric-file.ts'

export function registerRubricShow(rubric: Command): void {
  rubric
    .command('show')
    .description('print the tree of a rubric file, with every default written out')
    .argument('<rubric.yaml>')
    .option('--json', 'print JSON')
    .action(async (path: string, options: { json?: boolean }) => {
      const file = await readRubricFile(path)
      if (options.json) {
        printJson(file.rubric)
        return
      }
      printLine(plainText(file.rubric.name))
      printNode(file.rubric.root, null, 1)
    })
}

function printNode(node: RubricNode, parent: string | null, depth: number): void {
  const indent = '  '.repeat(depth)
  const id = node.kind === 'parent' ? node.id : node.criterion.id
  const share =
    parent === 'weighted' ? `weight ${node.weight}` : parent === 'points' ? `${node.weight} points` : null
  const marks = [
    share,
    node.required ? 'required' : null,
    node.kind === 'parent' ? `combines by ${node.combine}` : null,
  ]
    .filter((mark) => mark !== null)
    .join(', ')
  printLine(plainText(`${indent}${id}${marks === '' ? '' : ` (${marks})`}`))
  const { criterion } = node
  if (criterion)
    printLine(
      plainText(
        `${indent}  ${criterion.question} [${scaleWords(criterion.scale)}; answered by ${criterion.answeredBy.join(', ')}]`,
      ),
    )
  if (node.kind === 'leaf') {
    if (node.check) printLine(plainText(`${indent}  program: ${describeCheck(node.check)}`))
    return
  }
  for (const child of node.children) printNode(child, node.combine, depth + 1)
}

function scaleWords(scale: Scale): string {
  if (scale.kind === 'number') return `${scale.min} to ${scale.max}`
  const options = optionsOf(scale)?.join(', ') ?? ''
  return scale.kind === 'yes-no' && scale.good === 'no' ? `${options}; no is good` : options
}
