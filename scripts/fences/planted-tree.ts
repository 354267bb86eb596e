import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourcePlaces } from './source-files.ts'

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const rootFiles = [
  'package.json',
  'tsconfig.base.json',
  'vitest.config.ts',
  'biome.json',
  'knip.json',
  '.dependency-cruiser.cjs',
]

/**
 * A copy of the whole tree in a temporary folder with violations planted in it, so that a fence is tried with its
 * real settings on the real code. Deleted when the caller is done with it, also when that throws.
 */
export async function withPlantedTree(
  planted: Readonly<Record<string, string>>,
  examine: (root: string) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'leeway-fence-'))
  try {
    copyTree(root)
    for (const [file, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    await examine(root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function copyTree(root: string) {
  for (const file of rootFiles) cpSync(join(repository, file), join(root, file))
  for (const place of sourcePlaces) {
    if (!existsSync(join(repository, place))) continue
    cpSync(join(repository, place), join(root, place), {
      recursive: true,
      filter: (source) => !['node_modules', 'dist', 'results'].includes(basename(source)),
    })
  }
  linkPackages(repository, root)
  for (const name of readdirSync(join(repository, 'packages'))) {
    const installed = join(repository, 'packages', name, 'node_modules')
    if (existsSync(installed)) symlinkSync(installed, join(root, 'packages', name, 'node_modules'))
  }
}

/** Entry by entry, because `@leeway/*` must lead to the copy and not back to the repository. */
function linkPackages(from: string, root: string) {
  const installed = join(from, 'node_modules')
  mkdirSync(join(root, 'node_modules', '@leeway'), { recursive: true })
  for (const name of readdirSync(installed)) {
    if (name !== '@leeway' && name !== '.cache')
      symlinkSync(join(installed, name), join(root, 'node_modules', name))
  }
  for (const name of readdirSync(join(root, 'packages'))) {
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules', '@leeway', name))
  }
}
