import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export type ToolResult = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs a program of the tree's node_modules there, under this same Node, and returns what it printed. */
export function runTool(root: string, path: string, args: readonly string[], preload?: string): ToolResult {
  const program = join(root, 'node_modules', path)
  const result = spawnSync(process.execPath, [...(preload ? ['--import', preload] : []), program, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (result.error) throw result.error
  return { code: result.status ?? 1, stdout: result.stdout, stderr: result.stderr }
}
