/** What is known of whether a model and a policy share weights: that they do, that they do not, or nothing. */
export type Kinship = 'kin' | 'other' | 'undeclared'

/**
 * Only what is declared tells: fields `family`, `base` and `model` of the policy's configuration beside the model's own family, model
 * and those fields of the policy that it runs. A policy that declares neither family nor base may be anything: the name of a model
 * alone can tell that two are kin, and never that they are not.
 */
export function kinshipOf(rater: {
  readonly family: string
  readonly definition: unknown
  readonly config: unknown
}): (policyConfig: unknown) => Kinship {
  const own = new Set([
    lower(rater.family),
    ...named(rater.definition, ['model']),
    ...named(rater.config, ['family', 'base', 'model']),
  ])
  return (policyConfig) => {
    const declared = named(policyConfig, ['family', 'base'])
    if ([...declared, ...named(policyConfig, ['model'])].some((one) => own.has(one))) return 'kin'
    return declared.length === 0 ? 'undeclared' : 'other'
  }
}

function named(value: unknown, fields: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return fields.flatMap((field) => {
    const found = (value as Readonly<Record<string, unknown>>)[field]
    return typeof found === 'string' && found.trim() !== '' ? [lower(found)] : []
  })
}

const lower = (text: string) => text.trim().toLowerCase()
