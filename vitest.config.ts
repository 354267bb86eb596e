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
    // By itself vitest leaves one core idle, which on two cores is half of them.
    maxWorkers: '100%',
    sequence: { sequencer: LongFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
