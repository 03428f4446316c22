/** ESM throughout: run by `npm run test:unit` and `npm run test:integration`, which set Node's flag for it. */
const shared = {
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'json', 'node'],
  transform: {
    '^.+\\.tsx?$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.jest.json' }],
    '\\.svg$': '<rootDir>/test/support/svg-transform.cjs'
  },
  modulePathIgnorePatterns: [
    '<rootDir>/lib/',
    '<rootDir>/jupyterlab_projects/',
    '<rootDir>/.venv/',
    '<rootDir>/\\.demo',
    '<rootDir>/build/'
  ]
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/test/unit/**/*.spec.ts?(x)', '<rootDir>/test/property/**/*.spec.ts']
    },
    {
      ...shared,
      displayName: 'integration',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/test/integration/**/*.spec.ts']
    }
  ],
  testTimeout: 60000
};
