/**
 * A server of a test file's own, on a database of the run's PostgreSQL: to start one for each server takes longer than some of the tests.
 * First starts, with a PostgreSQL of their own, are tested in first-day.test.ts and by the command line.
 */
import { startDemo } from '../../../scripts/shots/start-demo.mjs'
import { testDatabase } from '../../server/src/testing/database.ts'

export type RunningServer = Awaited<ReturnType<typeof startDemo>>

/** `env`: of the server, beside what every server of the tests has. */
export async function startServer({
  demo = true,
  env = {},
}: {
  readonly demo?: boolean
  readonly env?: Readonly<Record<string, string>>
} = {}): Promise<RunningServer> {
  const database = await testDatabase({ connectionsMax: 1 })
  try {
    const server = await startDemo({ demo, env: { ...env, DATABASE_URL: database.url } })
    return {
      ...server,
      stop: async () => {
        await server.stop()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
