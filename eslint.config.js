import tseslint from 'typescript-eslint'

/**
 * The house, in order: a folder of src imports only from folders above it (style of the project), so that meaning flows one way.
 * `allowed` lists what stands above each folder.
 */
const order = [
  'diagnostic',
  'policy',
  'dsl',
  'actions',
  'semantics',
  'compiler',
  'evaluator',
  'explain',
  'evm',
  'verify',
  'ledger',
  'account',
  'cli',
]
const isolated = { policy: [], diagnostic: [] }
const withoutDsl = ['semantics', 'compiler', 'evaluator', 'explain']

const directions = order.map((folder, index) => {
  const allowed = isolated[folder] ?? order.slice(0, index).filter((f) => !(withoutDsl.includes(folder) && f === 'dsl'))
  const forbidden = order.filter((f) => f !== folder && !allowed.includes(f))
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            // The last folder may import every other one.
            ...(forbidden.length > 0
              ? [
                  {
                    group: forbidden.flatMap((f) => [`**/${f}/*`, `**/${f}/**`]),
                    message: `src/${folder} must not import this folder (see eslint.config.js)`,
                  },
                ]
              : []),
            ...(folder === 'evaluator' ? [{ regex: '^[^.]', message: 'the evaluator has no dependency' }] : []),
            ...(folder === 'policy' ? [{ regex: '^[^.]', message: 'policy is plain data' }] : []),
          ],
        },
      ],
    },
  }
})

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'contracts/artifacts'] },
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  ...directions,
)
