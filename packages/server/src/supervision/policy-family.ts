/**
 * Whether a supervisor and its charge may share weights. Only what is declared tells: fields `family` and `base` of the charge's
 * configuration beside the supervisor's family, model, and those fields of its own. A charge that declares neither may be
 * anything, and counts as of the same family.
 */
export function isSameFamily(
  supervisor: { readonly family: string; readonly definition: unknown; readonly config: unknown },
  chargeConfig: unknown,
): boolean {
  const own = new Set([
    lower(supervisor.family),
    ...named(supervisor.definition, ['model']),
    ...named(supervisor.config, ['family', 'base', 'model']),
  ])
  const declared = named(chargeConfig, ['family', 'base'])
  return declared.length === 0 || [...declared, ...named(chargeConfig, ['model'])].some((one) => own.has(one))
}

function named(value: unknown, fields: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return fields.flatMap((field) => {
    const found = (value as Readonly<Record<string, unknown>>)[field]
    return typeof found === 'string' && found.trim() !== '' ? [lower(found)] : []
  })
}

const lower = (text: string) => text.trim().toLowerCase()
