module.exports = {
  testEnvironment: 'node',
  // many suites wait for sockets and processes rather than compute
  maxWorkers: '100%',
  // a worker keeps what each suite leaves behind, and grows slow by it
  workerIdleMemoryLimit: '1GB',
  // a busy machine is slow, and slow is not wrong
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/support/jest-global-setup.ts',
  globalTeardown: '<rootDir>/test/support/jest-global-teardown.ts',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.[jt]s$': '@swc/jest' },
  // These packages are ES modules only, or import some: Node loads them by require, jest must compile them.
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|@opentelemetry/otlp-exporter-base|jose|uuid|p-limit|yocto-queue|temporal-polyfill|temporal-utils)/)',
  ],
  coverageProvider: 'v8',
};
