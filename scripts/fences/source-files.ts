import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where code of ours lives. `packages` stands for the sources and settings of each package. */
export const sourcePlaces = ['packages', 'lab', 'bench', 'scripts'] as const

const notOurs = new Set(['node_modules', 'dist', 'results'])

/** Every TypeScript and JavaScript file of ours, relative to root, with forward slashes, in a stable order. */
export function sourceFiles(root: string, places: readonly string[] = sourcePlaces): readonly string[] {
  return places
    .flatMap((place) => (existsSync(join(root, place)) ? walk(root, place) : []))
    .filter((file) => /\.(tsx?|mjs|cjs|js)$/.test(file))
    .sort()
}

function walk(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : walk(root, path)
    return entry.isFile() ? [path] : []
  })
}
