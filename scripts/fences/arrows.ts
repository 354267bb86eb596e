import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './run-tool.ts'
import { sourceFiles, sourcePlaces } from './source-files.ts'
import type { Violation } from './violation.ts'

const swcForCruiser = new URL('swc-for-cruiser.mjs', import.meta.url).href

type Cruise = {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly unknown[] }[]
  readonly summary: {
    readonly violations: readonly {
      readonly from: string
      readonly to: string
      readonly rule: { readonly name: string }
      readonly cycle?: readonly { readonly name: string }[]
      readonly via?: readonly { readonly name: string }[]
    }[]
    readonly ruleSetUsed?: {
      readonly forbidden?: readonly { readonly name: string; readonly comment?: string }[]
    }
  }
}

/**
 * Import arrows, by dependency-cruiser with `.dependency-cruiser.cjs`. It can find nothing and call that a
 * success, so a file it did not look at is a violation too, and so is a tree in which it saw no import.
 */
export async function findWrongArrows(root: string): Promise<readonly Violation[]> {
  const places = sourcePlaces.filter((place) => existsSync(join(root, place)))
  const args = [...places, '--config', '.dependency-cruiser.cjs', '--output-type', 'json']
  const result = runTool(root, 'dependency-cruiser/bin/dependency-cruise.mjs', args, swcForCruiser)
  const cruise = parseCruise(result.stdout)
  if (cruise === undefined) {
    return [
      { where: '.dependency-cruiser.cjs', what: 'dependency-cruiser failed', mend: result.stderr.trim() },
    ]
  }
  return [...unseen(root, cruise), ...wrong(cruise)]
}

function parseCruise(text: string): Cruise | undefined {
  try {
    return JSON.parse(text) as Cruise
  } catch {
    return undefined
  }
}

function unseen(root: string, cruise: Cruise): readonly Violation[] {
  const seen = new Set(cruise.modules.map((module) => module.source))
  const files = sourceFiles(root)
  const edges = cruise.modules.reduce((sum, module) => sum + module.dependencies.length, 0)
  const mend = 'Check the parser and the extensions in .dependency-cruiser.cjs.'
  const violations = files
    .filter((file) => !seen.has(file))
    .map((file) => ({ where: file, what: 'dependency-cruiser did not look at this file', mend }))
  if (edges > 0) return violations
  return [...violations, { where: '.', what: `no import found in ${files.length} files`, mend }]
}

function wrong(cruise: Cruise): readonly Violation[] {
  const comments = new Map(cruise.summary.ruleSetUsed?.forbidden?.map((rule) => [rule.name, rule.comment]))
  return cruise.summary.violations.map((violation) => {
    const path = (violation.cycle ?? violation.via ?? []).map((stop) => stop.name)
    const arrow = path.length > 0 ? [violation.from, ...path] : [violation.from, violation.to]
    return {
      where: violation.from,
      what: `${violation.rule.name}: ${arrow.join(' -> ')}`,
      mend: comments.get(violation.rule.name) ?? '',
    }
  })
}
