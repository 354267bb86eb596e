// Loaded before dependency-cruiser: it asks swc to read every file as plain TypeScript, so that one .tsx file
// stops it. Here the file's name decides.
import { createRequire } from 'node:module'

const swc = createRequire(import.meta.url)('@swc/core')
const parseFileSync = swc.parseFileSync

swc.parseFileSync = (/** @type {string} */ file, /** @type {object} */ options) =>
  parseFileSync(file, { ...options, tsx: /[jt]sx$/.test(file) })
