/** `/healthz`: the process answers. `/readyz`: it can do its work: database there, schema as this build expects. */
import { Hono } from 'hono'
import { appliedMigrations, missingMigrations, readMigrations } from '../db/migrate.ts'
import { AppError } from './app-error.ts'
import type { Effects } from './environment.ts'

export function healthRoutes(effects: Effects, options: { readonly isDraining: () => boolean }): Hono {
  const known = readMigrations()
  const router = new Hono()
  router.get('/healthz', (c) => c.json({ status: 'ok' }))
  router.get('/readyz', async (c) => {
    if (options.isDraining()) {
      throw new AppError('unavailable', 'This server is shutting down.', 'Ask another one.', {
        retryAfterSeconds: 5,
      })
    }
    const missing = missingMigrations(await appliedMigrations(effects.db.$client), known)
    if (missing.length > 0) {
      throw new AppError(
        'unavailable',
        `The database lacks ${missing.length} migrations, first ${missing[0]?.name}.`,
        'Start the server: it migrates before it listens.',
      )
    }
    return c.json({ status: 'ready' })
  })
  return router
}
