const MODULES =
  'workers|telemetry|labs|licensing|reaper|access|notifications|audit|delivery|secrets|webhooks|metrics|templates|operations|orphans|discovery|policies|simulations|migrations|assignments|monitoring|tracing|outbound';

/** The arrows between rooms; docs/architecture.md draws and explains them. */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-plain',
      severity: 'error',
      comment: 'A domain folder imports only the kernel and itself: no Nest, no driver, no Node built-in.',
      from: { path: '^src/([^/]+)/domain/', pathNot: '[.](spec|contract)[.]ts$' },
      to: { pathNot: ['^src/kernel/', '^src/$1/domain/'] },
    },
    {
      name: 'kernel-knows-nobody',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: '^src/kernel/' },
    },
    {
      name: 'application-stays-inside',
      severity: 'error',
      comment: 'Commands and queries know ports, never the HTTP side, the database or an adapter.',
      from: { path: '^src/[^/]+/application/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/([^/]+/(api|persistence)/|adapters/|http/|config/|simulator/)' },
    },
    {
      name: 'modules-by-their-face',
      severity: 'error',
      comment: 'Another module is used through its index.ts only; what only tests use may know more.',
      from: { path: '^src/([^/]+)/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: `^src/(${MODULES})/.+`,
        pathNot: ['^src/$1/', '^src/[^/]+/index[.]ts$', '^src/[^/]+/testing/'],
      },
    },
    {
      name: 'workers-knows-no-module',
      severity: 'error',
      from: { path: '^src/workers/', pathNot: '[.]spec[.]ts$' },
      to: {
        path: '^src/(telemetry|labs|licensing|reaper|access|notifications|audit|templates|policies|operations|orphans|discovery|assignments|adapters|simulator)/',
      },
    },
    {
      name: 'satellites-know-workers-only',
      severity: 'error',
      from: { path: '^src/(telemetry|templates)/', pathNot: '[.]spec[.]ts$' },
      to: {
        path: '^src/(telemetry|labs|licensing|reaper|access|notifications|audit|templates|adapters|simulator)/',
        pathNot: '^src/$1/',
      },
    },
    {
      name: 'labs-know-workers-telemetry-and-operations',
      severity: 'error',
      from: { path: '^src/labs/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: `^src/(${MODULES}|adapters|simulator)/`,
        pathNot: ['^src/labs/', '^src/(workers|telemetry|operations)/'],
      },
    },
    {
      name: 'licensing-knows-labs-and-what-they-know-and-secrets',
      severity: 'error',
      from: { path: '^src/licensing/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: `^src/(${MODULES}|adapters|simulator)/`,
        pathNot: ['^src/licensing/', '^src/(workers|telemetry|operations|labs|secrets)/'],
      },
    },
    {
      name: 'policies-know-the-reaper-and-workers',
      severity: 'error',
      from: { path: '^src/policies/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: `^src/(${MODULES}|adapters|simulator)/`,
        pathNot: ['^src/policies/', '^src/(reaper|workers)/'],
      },
    },
    {
      name: 'assignments-know-access-workers-and-telemetry',
      severity: 'error',
      comment:
        'They fill the ports of access, start workers by their face, and read on which a lab was seen.',
      from: { path: '^src/assignments/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: `^src/(${MODULES}|adapters|simulator)/`,
        pathNot: ['^src/assignments/', '^src/(access|workers|telemetry)/'],
      },
    },
    {
      name: 'access-knows-no-module',
      severity: 'error',
      comment: 'It says what it needs of others: AssignedGrants, RightsDetails.',
      from: { path: '^src/access/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: { path: `^src/(${MODULES}|adapters|simulator)/`, pathNot: '^src/(access|outbound)/' },
    },
    {
      name: 'reaper-does-not-know-policies',
      severity: 'error',
      comment: 'It says what it needs of them: PolicySource.',
      from: { path: '^src/reaper/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/policies/' },
    },
    {
      name: 'audit-knows-no-module',
      severity: 'error',
      comment: 'It shows the events of all modules, and knows none of them.',
      from: { path: '^src/audit/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: { path: '^src/', pathNot: ['^src/audit/', '^src/kernel/', '^src/(http|event-store)/index[.]ts$'] },
    },
    {
      name: 'secrets-know-no-module',
      severity: 'error',
      comment: 'Others put secrets into the vault, and tell which they hold.',
      from: { path: '^src/secrets/', pathNot: '[.](spec|contract)[.]ts$|/testing/' },
      to: { path: '^src/', pathNot: ['^src/secrets/', '^src/kernel/', '^src/event-store/index[.]ts$'] },
    },
    {
      name: 'outbound-knows-nobody',
      severity: 'error',
      comment: 'Where connections may lead is decided by whoever opens them.',
      from: { path: '^src/outbound/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: '^src/(outbound|kernel)/' },
    },
    {
      name: 'metrics-knows-no-module',
      severity: 'error',
      comment: 'Others add their metrics to it.',
      from: { path: '^src/metrics/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/metrics/', '^src/kernel/', '^src/http/index[.]ts$'] },
    },
    {
      name: 'operations-knows-no-module',
      severity: 'error',
      comment: 'Others bring it what is to be carried out.',
      from: { path: '^src/operations/', pathNot: '[.](spec|contract)[.]ts$' },
      to: {
        path: '^src/',
        pathNot: ['^src/operations/', '^src/kernel/', '^src/(http|event-store)/index[.]ts$'],
      },
    },
    {
      name: 'migrations-know-the-store',
      severity: 'error',
      comment:
        'What is stored is a matter of the database: a migration must not change with the code of today.',
      from: { path: '^src/migrations/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/migrations/', '^src/kernel/', '^src/event-store/index[.]ts$'] },
    },
    {
      name: 'orphans-know-workers-only',
      severity: 'error',
      from: { path: '^src/orphans/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: { path: `^src/(${MODULES}|adapters|simulator)/`, pathNot: ['^src/orphans/', '^src/workers/'] },
    },
    {
      name: 'discovery-knows-workers-operations-and-orphans',
      severity: 'error',
      from: { path: '^src/discovery/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: `^src/(${MODULES}|adapters|simulator)/`,
        pathNot: ['^src/discovery/', '^src/(workers|operations|orphans)/'],
      },
    },
    {
      name: 'simulations-know-what-they-replay',
      severity: 'error',
      from: { path: '^src/simulations/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: `^src/(${MODULES}|adapters|simulator)/`,
        pathNot: ['^src/simulations/', '^src/(reaper|policies|telemetry|workers|operations)/'],
      },
    },
    {
      name: 'nobody-knows-monitoring',
      severity: 'error',
      comment: 'It looks at all modules; what a module counts of its own work it gives to metrics.',
      from: { path: '^src/[^/]+/', pathNot: '^src/monitoring/' },
      to: { path: '^src/monitoring/' },
    },
    {
      name: 'tracing-knows-the-kernel',
      severity: 'error',
      comment: 'Who does something begins its span, by the Tracer of the kernel.',
      from: { path: '^src/tracing/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/tracing/', '^src/kernel/'] },
    },
    {
      name: 'store-knows-the-kernel',
      severity: 'error',
      from: { path: '^src/event-store/', pathNot: '[.](spec|contract)[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/kernel/', '^src/event-store/'] },
    },
    {
      name: 'http-knows-the-kernel-and-the-store',
      severity: 'error',
      from: { path: '^src/http/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/kernel/', '^src/http/', '^src/event-store/index[.]ts$'] },
    },
    {
      name: 'settings-are-read-at-the-root',
      severity: 'error',
      comment:
        'Only app.module.ts, the roots and the tools read settings; everything else is handed its options.',
      from: { path: '^src/', pathNot: ['^src/[^/]+[.]ts$', '^src/(config|cli)/', '[.]spec[.]ts$'] },
      to: { path: '^src/config/' },
    },
    {
      name: 'adapters-see-ports',
      severity: 'error',
      from: { path: '^src/adapters/', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/adapters/', '^src/kernel/', '^src/[^/]+/index[.]ts$'] },
    },
    {
      name: 'simulator-stands-alone',
      severity: 'error',
      comment: 'The simulated outside must not share code with what it tests, but for the clocks.',
      from: { path: '^src/simulator/' },
      to: { path: '^src/', pathNot: ['^src/simulator/', '^src/kernel/'] },
    },
    {
      name: 'nobody-ships-the-simulator',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/simulator/', '^src/demo[^/]*[.]ts$', '^src/demo/', '[.]spec[.]ts$'],
      },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'admin-cli-knows-the-api-only',
      severity: 'error',
      comment: 'It speaks to a server over HTTP, and must start quickly: no frame, no driver.',
      from: { path: '^src/admin-cli', pathNot: '[.]spec[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/admin-cli', '^src/kernel/(secret|loopback)[.]ts$'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unlisted', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'unknown'] } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
