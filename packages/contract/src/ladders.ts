/** Ladders as the API and ladder.yaml spell them. */
import { DEFAULT_GATE } from '@leeway/core/ladder/default-ladder'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { z } from 'zod'

const Fraction = z.number().min(0).max(1)

export const StageGateBody = z.strictObject({
  margin: z.number().gt(0).lt(1).default(DEFAULT_GATE.margin),
  /** Equal to the margin unless set. */
  harmMargin: z.number().min(0).lt(1).optional(),
  alpha: z.number().gt(0).max(0.5).default(DEFAULT_GATE.alpha),
  unitsMin: z.number().int().min(0).max(1_000_000).default(DEFAULT_GATE.unitsMin),
  missingShareMax: Fraction.default(DEFAULT_GATE.missingShareMax),
  severeRateMax: Fraction.nullable().default(DEFAULT_GATE.severeRateMax),
  betPrior: z
    .strictObject({
      gap: z.number().min(0).max(1),
      variance: z.number().gt(0).max(10),
      weight: z.number().min(1),
    })
    .nullable()
    .default(null),
})

export const StageBody = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes, at most 40'),
  autonomy: z.enum(['shadow', 'suggest', 'act']),
  exposure: Fraction,
  reviewed: Fraction,
  region: z.strictObject({
    horizonSteps: z.number().int().min(1).max(100_000),
    stakes: z.enum(['read', 'reversible', 'costly', 'irreversible']),
    tools: z.union([z.literal('all'), z.array(z.string().min(1).max(128)).max(500)]).default('all'),
    klNatsMax: z.number().gt(0).nullable().default(null),
    behaviourNatsMax: z.number().gt(0).optional(),
    falseStopMax: z.number().gt(0).max(0.5).optional(),
  }),
  gate: StageGateBody.prefault({}).transform((gate) => ({
    ...gate,
    harmMargin: gate.harmMargin ?? gate.margin,
  })),
  supervision: z
    .strictObject({ catchMin: z.number().gt(0).lt(1), auditShareMin: Fraction.default(0.05) })
    .optional(),
})

/** What a person writes (YAML or JSON); parsing fills the defaults and yields core's `Ladder`. */
export const LadderBody = z.strictObject({
  name: z.string().min(1).max(80),
  marginBudget: z.number().min(0).max(1).default(0.1),
  approvals: z.union([z.literal(1), z.literal(2)]).default(1),
  alphaAcrossReleases: z.enum(['shrink', 'count']).default('shrink'),
  stages: z.array(StageBody).min(1).max(50),
})

export const parseLadder = (value: unknown): z.ZodSafeParseResult<Ladder> => LadderBody.safeParse(value)
