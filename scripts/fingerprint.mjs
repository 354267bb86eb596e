import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/**
 * One hash over the names and contents of everything a build reads, so that an unchanged package is not built
 * again. Tests are left out: they do not end up in the result.
 *
 * @param {string} root
 * @param {readonly string[]} places files and folders relative to root; those that do not exist count as empty
 * @param {readonly string[]} upstream fingerprints of the packages this one is built on
 * @returns {string}
 */
export function fingerprint(root, places, upstream) {
  const hash = createHash('sha256')
  for (const print of upstream) hash.update(`upstream ${print}\n`)
  for (const place of places) {
    for (const file of filesIn(join(root, place))) {
      if (isTest(file)) continue
      const content = readFileSync(file)
      hash.update(`${relative(root, file).split(sep).join('/')} ${content.length}\n`)
      hash.update(content)
    }
  }
  return hash.digest('hex')
}

/** @param {string} file */
export function isTest(file) {
  return /\.test\.tsx?$/.test(file)
}

/**
 * Every file at or under a path, in a stable order.
 *
 * @param {string} path
 * @returns {string[]}
 */
export function filesIn(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}
