import { type Role } from '../../src/kernel/principal';
import { type ApiAnswer } from '../support/api-client';
import { eventually } from '../support/eventually';
import { FleetSteps } from '../support/fleet-steps';
import { type MemoryApp, startMemoryApp } from '../support/memory-app';
import { accessOf, ROUTES } from '../support/routes';
import { type Cell, cellsOf, OTHER, scopesOf, TARGET } from './cells';
import { type Ids, knock, told, UNKNOWN } from './door';

/** What shows the caller's own, of whom these callers have nothing, is held by tests of its own. */
const LISTS = Object.keys(ROUTES).filter(
  (route) =>
    route.startsWith('GET') &&
    accessOf(route)?.scope === 'scoped' &&
    !/\{|stream|templates|\/(me|assignments|requests)$/.test(route),
);

/** Each route, each role, each scope, each over HTTP, against an application with real workers. */
describe('the table of who may do what', () => {
  let app: MemoryApp;
  let target: Ids;
  let scopes: ReturnType<typeof scopesOf>;

  beforeAll(async () => {
    app = await startMemoryApp();
    const fleet = new FleetSteps(app);
    const worker: string = (await fleet.available({ name: 'target', ...TARGET })).id;
    const other: string = (await fleet.available({ name: 'other', ...OTHER })).id;
    const [operation] = await Promise.all(
      [worker, other].map(
        async (id) => (await app.admin.post(`/api/v1/workers/${id}/topologies`)).body.id as string,
      ),
    );
    target = { worker, operation: operation ?? '' };
    scopes = scopesOf(worker, other);
  });
  afterAll(() => app.close());

  const clientOf = ({ caller, scope }: Pick<Cell, 'caller' | 'scope'>) => {
    if (caller === 'none') return app.as(null);
    if (caller === 'wrong key') return app.as(`cmlf_${'x'.repeat(43)}`);
    return app.asHolderOf({ role: caller, scope: scopes[scope] ?? null });
  };

  const outcomeOf = ({ status, body }: ApiAnswer): string => {
    if (status === 401) return body.code === 'unauthenticated' ? '401' : `401 ${body.code}`;
    if (status === 403)
      return { forbidden: 'role', 'scope-too-small': 'scope' }[body.code as string] ?? body.code;
    if (['worker-not-found', 'operation-not-found'].includes(body?.code)) return 'not there';
    return status < 500 || body?.code === 'cml-unavailable' ? 'passes' : `fails with ${status}`;
  };

  it.each(Object.keys(ROUTES))('%s', async (route) => {
    for (const cell of cellsOf(route, Object.keys(scopes))) {
      const client = clientOf(cell);
      const answer = await knock(client, route, target);
      expect({ ...cell, outcome: outcomeOf(answer) }).toEqual(cell);
      if (cell.outcome !== 'not there') continue;
      const nothing = await knock(client, route, { worker: UNKNOWN, operation: UNKNOWN });
      const ids = [target.worker, target.operation, UNKNOWN];
      expect({ cell, told: told(answer, ...ids) }).toEqual({ cell, told: told(nothing, ...ids) });
    }
    expect(await app.admin.get(`/api/v1/workers/${target.worker}`)).toMatchObject({ status: 200 });
  });

  it.each(LISTS)('%s lists what is within reach only', async (route) => {
    const path = `${route.split(' ')[1]}${route.endsWith('/idle') ? '?thresholdMinutes=0' : ''}`;
    const { role } = accessOf(route) as { role: Role };
    const textOf = async (scope: string) =>
      JSON.stringify((await clientOf({ caller: role, scope }).get(path)).body);
    // nobody can be called idle so early; what happened is listed once it has its place in the log
    const shown = !route.endsWith('/idle');
    await eventually(async () => expect((await textOf('fleet')).includes(target.worker)).toBe(shown));
    for (const scope of Object.keys(scopes)) {
      const text = await textOf(scope);
      expect([scope, text.includes(target.worker)]).toEqual([scope, shown && !scope.endsWith(' out')]);
      if (scope.endsWith(' in')) expect(text).not.toContain(scopes['worker out']?.workerIds?.[0]);
    }
    const nobody = await app.asHolderOf({ role, scope: { workerIds: [] } }).get(path);
    expect(nobody).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
  });
});
