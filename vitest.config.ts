import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          // Importing cdktf takes longer than most of these tests; none of them keeps state in a module.
          isolate: false,
          // One more than cores, as some tests wait; vitest would leave one of the cores free.
          maxWorkers: availableParallelism() + 1,
          // Some start processes, which take long on a machine that is busy with something else.
          testTimeout: 30_000,
          include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts"],
          typecheck: { enabled: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/global-setup.ts"],
          // One engine, and two cores: files take turns.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
        },
      },
      {
        // Machines in software emulation, which take an hour or more: `npm run test:vm`. Files take turns, for two cores.
        test: { name: "vm", include: ["test/vm/**/*.test.ts"], fileParallelism: false },
      },
    ],
  },
});
