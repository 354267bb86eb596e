/** What whoever is on call should know now. Each is told to webhooks once when it begins and once when it ends. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const ALERT_KINDS = ['drift', 'spool', 'upstream', 'release', 'audits'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

export const AlertView = z.object({
  id: z.string(),
  kind: z.enum(ALERT_KINDS),
  /** What is so, and what to do. */
  sentence: z.string(),
  at: z.string(),
})
export type AlertView = z.infer<typeof AlertView>

export const AlertList = z.object({ items: z.array(AlertView) })
export type AlertList = z.infer<typeof AlertList>

export const listAlerts = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/alerts',
  response: AlertList,
})
