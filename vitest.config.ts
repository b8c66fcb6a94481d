import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Left to itself one processor stays free, which of two is half: many tests wait for a node.
    maxWorkers: '100%',
  },
})
