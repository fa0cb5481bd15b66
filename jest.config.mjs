const shared = {
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  transform: {
    "^.+\\.ts$": ["ts-jest", { useESM: true, tsconfig: "tests/tsconfig.json", diagnostics: false }],
  },
  testEnvironment: "<rootDir>/tests/support/environment.mjs",
};

/** Tests of `core` need no service and start none; everything else runs beside a real PostgreSQL and a real Redis. */
const withoutServices = ["tests/cli/", "tests/core/", "tests/scenarios/"];

export default {
  testTimeout: 60_000,
  maxWorkers: 2,
  // Modules of finished files are never let go of; a process that holds many spends its time on collecting them.
  workerIdleMemoryLimit: "1GB",
  reporters: ["default", "<rootDir>/tests/support/tally-reporter.mjs"],
  projects: [
    {
      ...shared,
      displayName: "core",
      testMatch: withoutServices.map((folder) => `<rootDir>/${folder}**/*.test.ts`),
    },
    {
      ...shared,
      displayName: "services",
      testMatch: ["<rootDir>/tests/**/*.test.ts"],
      testPathIgnorePatterns: withoutServices.map((folder) => `<rootDir>/${folder}`),
      globalSetup: "<rootDir>/tests/support/global-setup.mjs",
      globalTeardown: "<rootDir>/tests/support/global-teardown.mjs",
    },
  ],
};
