/** How tests start `leeway`: as `npm test` has just built it, which starts a second quicker, else from its sources. */
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const built = fileURLToPath(new URL('../../bin/leeway.js', import.meta.url))

/** Arguments of Node. `before`: further ones, such as a module that is loaded first. */
export function leewayProgram(before: readonly string[] = []): readonly string[] {
  return process.env.LEEWAY_BUILT === '1'
    ? [...before, built]
    : ['--conditions=@leeway/source', ...before, '--import', 'tsx', main]
}
