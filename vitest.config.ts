import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './scripts/long-first.ts'

// Tests run the TypeScript sources: the condition makes `@leeway/*` resolve to `src` without a build.
export default defineConfig({
  resolve: { conditions: ['@leeway/source'] },
  ssr: { resolve: { conditions: ['@leeway/source'], externalConditions: ['@leeway/source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/web/e2e/*.test.ts',
      'lab/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['packages/server/src/testing/postgres-for-tests.ts'],
    pool: 'forks',
    // A process of its own for each file would load the server's libraries three hundred times, which is a quarter of all the work.
    isolate: false,
    // One more than there are cores: real servers, browsers and kills are waited for, and meanwhile another file goes on.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
