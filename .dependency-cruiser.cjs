/** The import rules of docs/architecture.md, checked by `npm run lint`. */
const context = '(?!platform|entrypoints)[^/]+';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'domain-is-pure',
      comment: 'A domain imports other domain code, zod, and types; nothing that does I/O, knows HTTP or AWS.',
      severity: 'error',
      from: { path: `^functions/${context}/domain/` },
      to: {
        pathNot: [
          `^functions/${context}/domain/`,
          '^functions/platform/(actor|ids|store/contribution|store/item-kind|store/stored-text)\\.ts$',
          '^node_modules/(zod|temporal-polyfill|@date-fns/tz|@datadog/sketches-js|ulid|protobufjs|croner)/',
          '^(node:)?(crypto|buffer)$',
        ],
      },
    },
    {
      name: 'contexts-meet-at-their-index',
      comment: 'Another context is used through its index.ts; pure domain code may be read by domains directly.',
      severity: 'error',
      from: { path: `^functions/(${context})/` },
      to: {
        path: `^functions/${context}/`,
        pathNot: ['^functions/$1/', `^functions/${context}/index\\.ts$`, `^functions/${context}/domain/`],
      },
    },
    {
      name: 'only-domain-reads-foreign-domain',
      severity: 'error',
      from: { path: `^functions/(${context})/`, pathNot: `^functions/${context}/domain/` },
      to: { path: `^functions/${context}/domain/`, pathNot: '^functions/$1/' },
    },
    {
      name: 'use-cases-know-no-edge',
      comment: 'Use cases declare ports; HTTP contracts and handlers call them, not the other way round.',
      severity: 'error',
      from: { path: `^functions/${context}/use-cases/` },
      to: { path: ['[/-](routes|handlers?)\\.ts$', '^functions/platform/http/(pipeline|serve|router|result|problem)\\.ts$', '^functions/entrypoints/'] },
    },
    {
      name: 'platform-knows-no-context',
      severity: 'error',
      from: { path: '^functions/platform/' },
      to: { path: [`^functions/${context}/`, '^functions/entrypoints/'] },
    },
    {
      name: 'only-entrypoints-wire',
      severity: 'error',
      from: { pathNot: ['^functions/entrypoints/', '^(lib|test|bench|bin)/'] },
      to: { path: '^functions/entrypoints/' },
    },
    {
      name: 'lib-sees-contracts-only',
      comment: 'What is deployed knows the environment schemas, the contexts table, route contracts and names of metrics; never a use case or store.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^functions/', pathNot: ['^functions/entrypoints/(environments|contexts|stage-subscriptions)\\.ts$', '^functions/platform/metric-names\\.ts$', '[/-]routes\\.ts$'] },
    },
    {
      name: 'product-knows-no-local',
      comment: 'There is no "if local" in the product.',
      severity: 'error',
      from: { path: '^(functions|lib)/' },
      to: { path: '^(local|bench|test|bin)/' },
    },
    {
      name: 'commands-are-clients',
      comment: 'The import is a client of the HTTPS API.',
      severity: 'error',
      from: { path: '^bin/import' },
      to: { path: '^(functions|lib|local)/' },
    },
    {
      name: 'outside-checks-are-outside',
      severity: 'error',
      from: { path: '^test/outside/(?!.*\\.test\\.ts$)' },
      to: { path: '^(functions|lib|local|bin)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^cdk\\.out' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
