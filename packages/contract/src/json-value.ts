import { z } from 'zod'

/**
 * Any JSON value. What was read from JSON is JSON already, so nothing is checked again; and unlike `z.json()`, which
 * refers to itself, it can be described in the OpenAPI document.
 */
export const JsonValue: z.ZodType<z.core.util.JSONType> = z.any()
