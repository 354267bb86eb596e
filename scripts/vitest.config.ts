import { defineConfig } from 'vitest/config'

// The fences' own tests: they need neither a build nor a database, and run before both.
export default defineConfig({
  test: { include: ['scripts/**/*.test.ts'], pool: 'forks', testTimeout: 120_000 },
})
