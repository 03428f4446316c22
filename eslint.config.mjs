import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom (docs/architecture.md): each room of src/ names the rooms it must not know.
 * plugins → ui → model → {local, cloud, state} → sync; tokens from anywhere but sync.
 */
const forbidden = {
  sync: ['local', 'cloud', 'state', 'model', 'ui', 'plugins', 'tokens'],
  local: ['cloud', 'state', 'model', 'ui', 'plugins'],
  cloud: ['local', 'state', 'model', 'ui', 'plugins'],
  state: ['local', 'cloud', 'model', 'ui', 'plugins'],
  model: ['ui', 'plugins'],
  ui: ['local', 'cloud', 'state', 'plugins'],
  plugins: []
};

const houseRules = Object.entries(forbidden).map(([room, rooms]) => ({
  files: [`src/${room}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...rooms.map(name => ({
            // A package may have a room's name.
            group: [
              ...(name === 'tokens' ? ['**/tokens'] : [`**/${name}`, `**/${name}/**`]),
              '!@*/**'
            ],
            message: `src/${room} must not know src/${name}: see docs/architecture.md.`
          })),
          ...(room === 'sync'
            ? [
                {
                  group: ['@jupyterlab/*', '@lumino/*', 'kysely*', 'sql.js*', 'react*'],
                  message: 'The engine knows no Jupyter, no SQL, no UI.'
                }
              ]
            : []),
          {
            group: ['**/server/**'],
            message: 'The extension shares nothing with the server but src/cloud/schemas.ts.'
          }
        ]
      }
    ]
  }
}));

/** JupyterLab's own rules, on the extension and its settings; those for Galata tests are not ours. */
const jupyterRules = jupyter.configs.recommended
  .filter(config => !config.files.some(pattern => pattern.includes('.spec.')))
  .map(config => ({
    ...config,
    plugins: { jupyter },
    files: config.files.map(pattern =>
      pattern.includes('schema') ? pattern : pattern.replace('**', 'src/**')
    )
  }));

/** What a plugin imports of the house is small, in the same bundle, and needed as it activates. */
const pluginImports = {
  files: ['src/plugins/**/*.ts'],
  rules: { 'jupyter/prefer-lazy-imports': ['warn', { ignoreImports: ['./*', '../*'] }] }
};

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'lib',
      'dist',
      'build',
      '**/dist',
      '.venv',
      '.demo*',
      '.cache',
      'coverage',
      'jupyterlab_projects/labextension',
      'test-results',
      'playwright-report',
      'docs'
    ]
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['{src,server,test,bench}/**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-namespace': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      curly: ['error', 'all']
    }
  },
  ...jupyterRules,
  pluginImports,
  {
    files: ['src/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules
  },
  ...houseRules,
  {
    files: ['server/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.\\./.*src/(?!cloud/schemas$)',
              message: 'Of src/ the server shares only cloud/schemas.'
            }
          ]
        }
      ]
    }
  },
  {
    files: ['**/*.cjs', 'scripts/**/*.mjs', '*.js', '*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        AbortController: 'readonly',
        clearTimeout: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly'
      }
    }
  },
  prettier
);
