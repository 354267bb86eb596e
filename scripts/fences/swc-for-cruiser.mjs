// Loaded before dependency-cruiser, which reads sources with swc but lags behind it: it asks for every file as
// plain TypeScript, so that one .tsx file stops it, and its walk does not know `using`.
import { createRequire } from 'node:module'

const swc = createRequire(import.meta.url)('@swc/core')
const parseFileSync = swc.parseFileSync

swc.parseFileSync = (/** @type {string} */ file, /** @type {object} */ options) =>
  withoutUsing(parseFileSync(file, { ...options, tsx: /[jt]sx$/.test(file) }))

/**
 * Turns `using` declarations into the `const` declarations they are to a reader of imports.
 *
 * @param {unknown} node
 * @returns {unknown}
 */
function withoutUsing(node) {
  if (Array.isArray(node)) return node.map(withoutUsing)
  if (typeof node !== 'object' || node === null) return node
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutUsing(value)]))
  if (copy.type !== 'UsingDeclaration') return copy
  return { ...copy, type: 'VariableDeclaration', kind: 'const', declare: false, declarations: copy.decls }
}
