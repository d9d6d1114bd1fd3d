import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` is the fast inner loop (beside the code, architecture, conformance);
 * `full` adds what needs real data, a real database, a real browser or a foreign reader.
 */
export default defineConfig({
  test: {
    isolate: false,
    pool: 'threads',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'fixtures/**/*.test.ts',
            'tests/architecture/**/*.test.ts',
            'tests/conformance/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'full',
          include: [
            'tests/golden/**/*.test.ts',
            'tests/reference/**/*.test.ts',
            'tests/regression/**/*.test.ts',
            'tests/system/**/*.test.ts',
          ],
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          // a screen drawn in software on two busy cores answers within seconds, not within one
          expect: { poll: { interval: 50, timeout: 30_000 } },
        },
      },
    ],
  },
});
