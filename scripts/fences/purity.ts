import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { parse } from '@swc/core'
import { sourceFiles } from './source-files.ts'
import type { Violation } from './violation.ts'

/** Read and found pure (docs/decisions/0009-dependencies.md): linear-time patterns, and JSON Schema without eval. */
const PURE: ReadonlySet<string> = new Set(['@cfworker/json-schema', 're2js'])

const core = 'packages/core'
const mend = 'core is pure: take the clock, the randomness and the environment as arguments.'

/** Names that reach a clock, randomness or the surroundings, whatever is done with them. */
const bannedNames = new Set(['performance', 'crypto', 'globalThis', 'eval', 'Function', 'Intl', 'require'])

/** `Date` and `Math` may be used only through members that always give the same answer. */
const bannedMembers = new Map([
  ['Date', new Set(['now'])],
  ['Math', new Set(['random'])],
])

/** Their answers depend on the machine's time zone. */
const zoneMembers =
  /^([gs]et(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)|to(Date|Time)String)$/

/** Their answers depend on the machine's locale, unless one is written down. */
const localeMembers = /^(toLocale\w*|localeCompare)$/

/** Packages that core's tests may import; they are declared at the root. */
const testPackages = new Set(['vitest', 'fast-check'])

/**
 * Core purity beyond what the compiler sees: `packages/core/tsconfig.json` leaves out the Node and DOM types, but
 * the language itself has a clock and randomness, and npm lets an undeclared package be imported.
 */
export async function findImpurities(root: string): Promise<readonly Violation[]> {
  const declared = declaredDependencies(root)
  const found: Violation[] = []
  for (const file of sourceFiles(root, [`${core}/src`])) {
    found.push(...(await inFile(root, file, declared)))
  }
  return found
}

function declaredDependencies(root: string): ReadonlySet<string> {
  const file = join(root, core, 'package.json')
  if (!existsSync(file)) return new Set()
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: Record<string, string> }
  return new Set(Object.keys(manifest.dependencies ?? {}))
}

type Node = { readonly type: string; readonly span?: { readonly start: number } } & Record<string, unknown>

async function inFile(
  root: string,
  file: string,
  declared: ReadonlySet<string>,
): Promise<readonly Violation[]> {
  // The leading statement fixes where the file begins: the parser counts bytes over all files it has seen, and
  // starts a module at its first token.
  const text = Buffer.from(`;${readFileSync(join(root, file), 'utf8')}`)
  const module = (await parse(text.toString('utf8'), {
    syntax: 'typescript',
    target: 'es2022',
  })) as unknown as Node
  const origin = module.span?.start ?? 0
  const isTest = file.endsWith('.test.ts')
  const violations: Violation[] = []
  const report = (node: Node, what: string, how = mend) => {
    const line = text
      .subarray(0, (node.span?.start ?? origin) - origin)
      .toString('utf8')
      .split('\n').length
    violations.push({ where: `${file}:${line}`, what, mend: how })
  }
  visit(module, undefined, (node, parent) => {
    const source = importedFrom(node)
    if (source !== undefined) checkImport(node, source, isTest, declared, report)
    if (!isTest) checkUse(node, parent, report)
  })
  return violations
}

type Report = (node: Node, what: string, how?: string) => void

function importedFrom(node: Node): string | undefined {
  const isImport = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration'].includes(node.type)
  const source = isImport ? node.source : node.type === 'TsImportType' ? node.argument : undefined
  return (source as { value?: string } | null | undefined)?.value
}

function checkImport(
  node: Node,
  source: string,
  isTest: boolean,
  declared: ReadonlySet<string>,
  report: Report,
) {
  if (source.startsWith('./') || source.startsWith('../')) return
  const name = source
    .split('/')
    .slice(0, source.startsWith('@') ? 2 : 1)
    .join('/')
  const isNode = source.startsWith('node:') || builtinModules.includes(source)
  if (isTest && (isNode || testPackages.has(name))) return
  if ((name.startsWith('@stdlib/') || PURE.has(name)) && declared.has(name)) return
  report(
    node,
    `imports ${source}`,
    'core may import only @stdlib packages that its package.json declares, and the pure ones named in scripts/fences/purity.ts.',
  )
}

function checkUse(node: Node, parent: Node | undefined, report: Report) {
  if (node.type === 'CallExpression' && (node.callee as Node | undefined)?.type === 'Import') {
    report(node, 'uses import()')
  }
  if (node.type === 'MetaProperty' && node.kind === 'import.meta') report(node, 'uses import.meta')
  if (node.type === 'MemberExpression') checkMember(node, parent, report)
  if (node.type !== 'Identifier') return
  const name = String(node.value)
  if (bannedNames.has(name)) report(node, `uses ${name}`)
  if (bannedMembers.has(name)) checkGuarded(node, name, parent, report)
}

function checkMember(node: Node, parent: Node | undefined, report: Report) {
  const member = memberName(node)
  if (member === undefined) return
  if (zoneMembers.test(member)) report(node, `uses ${member}, which depends on the time zone`)
  if (!localeMembers.test(member)) return
  const given = (parent?.type === 'CallExpression' ? parent.arguments : []) as readonly { expression: Node }[]
  const locale = given[member === 'localeCompare' ? 1 : 0]?.expression.type
  if (locale !== 'StringLiteral') report(node, `uses ${member} without a written locale`)
}

/** `Date` and `Math` themselves: as an object of a known member, in `new Date(x)` and `instanceof Date` only. */
function checkGuarded(node: Node, name: string, parent: Node | undefined, report: Report) {
  if (parent?.type === 'MemberExpression' && parent.object === node) {
    const member = memberName(parent)
    if (member === undefined) report(node, `uses a computed member of ${name}`)
    else if (bannedMembers.get(name)?.has(member)) report(node, `uses ${name}.${member}`)
    return
  }
  if (name === 'Date' && parent?.type === 'NewExpression' && parent.callee === node) {
    const given = (parent.arguments as readonly unknown[] | null | undefined)?.length ?? 0
    if (given === 0) report(node, 'uses new Date() without an argument')
    if (given > 1) report(node, 'uses new Date(year, month, …), which depends on the time zone')
    return
  }
  if (name === 'Date' && parent?.type === 'BinaryExpression' && parent.operator === 'instanceof') return
  report(node, `passes ${name} on or calls it`)
}

function memberName(node: Node): string | undefined {
  const property = node.property as Node | undefined
  if (property?.type === 'Identifier') return String(property.value)
  const inside = property?.type === 'Computed' ? (property.expression as Node) : undefined
  return inside?.type === 'StringLiteral' ? String(inside.value) : undefined
}

/** Property names and type names are identifiers to the parser, but they are no use of the global. */
const namesOnly: Readonly<Record<string, readonly string[]>> = {
  MemberExpression: ['property'],
  KeyValueProperty: ['key'],
  KeyValuePatternProperty: ['key'],
  MethodProperty: ['key'],
  ClassProperty: ['key'],
  ClassMethod: ['key'],
  ImportSpecifier: ['imported'],
  ExportSpecifier: ['exported'],
  TsPropertySignature: ['key'],
  TsMethodSignature: ['key'],
  TsTypeReference: ['typeName'],
}

function visit(node: Node, parent: Node | undefined, see: (node: Node, parent: Node | undefined) => void) {
  see(node, parent)
  for (const [key, value] of Object.entries(node)) {
    const skipped = namesOnly[node.type]?.includes(key) && (value as Node | null)?.type === 'Identifier'
    if (!skipped) visitValue(value, node, see)
  }
}

function visitValue(value: unknown, parent: Node, see: (node: Node, parent: Node | undefined) => void) {
  if (Array.isArray(value)) for (const item of value) visitValue(item, parent, see)
  else if (typeof value === 'object' && value !== null) {
    // Wrappers such as call arguments have no type of their own.
    if ('type' in value && typeof value.type === 'string') visit(value as Node, parent, see)
    else for (const item of Object.values(value)) visitValue(item, parent, see)
  }
}
