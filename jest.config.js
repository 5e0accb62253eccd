/** Tests run as ES modules straight from TypeScript; long suites are named *.long.test.ts and run by `npm run test:long`. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.long\\.test\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out'],
  setupFiles: ['<rootDir>/test/quiet.ts'],
  maxWorkers: 2,
  // Ends what hangs; it does not judge speed, for machines differ by ten times.
  testTimeout: 240_000,
};
