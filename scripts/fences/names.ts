import { sourceFiles } from './source-files.ts'
import type { Violation } from './violation.ts'

const empty = ['util', 'helper', 'common', 'shared', 'manager', 'misc']
const word = new RegExp(`(^|[-_.])(${empty.join('|')})s?($|[-_.])`)

/** Files and folders are named after what they hold. A barrel (`index.ts`) hides where things come from. */
export async function findEmptyNames(root: string): Promise<readonly Violation[]> {
  return sourceFiles(root).flatMap((file) => {
    const parts = file.split('/')
    const bad = parts.find((part) => word.test(kebab(part)))
    if (bad !== undefined) {
      return [{ where: file, what: `the name ${bad} says nothing`, mend: 'Name it after its main export.' }]
    }
    if (/^index\.(tsx?|mjs|cjs|js)$/.test(parts.at(-1) ?? '')) {
      return [
        {
          where: file,
          what: 'an index file',
          mend: 'Import from the file that has it; name the entry main.',
        },
      ]
    }
    return []
  })
}

function kebab(part: string): string {
  return part.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
}
