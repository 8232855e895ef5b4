import { type Connection } from 'mongoose';
import { eventually } from '../../../test/support/eventually';
import { connectTo, openTestDatabase, type TestDatabase } from '../../../test/support/test-database';
import { AssignedGrants } from '../../access';
import { RequestProcess } from '../application/request-process';
import {
  type AssignmentsApp,
  OTHER_WORKER,
  startAssignmentsApp,
  USER,
  WORKER,
} from '../testing/assignments-app';

interface Item {
  readonly id: string;
  readonly state: string;
}

describe('two replicas on MongoDB', () => {
  let database: TestDatabase;
  let second: Connection;
  let here: AssignmentsApp;
  let there: AssignmentsApp;
  beforeAll(async () => {
    database = await openTestDatabase();
    second = await connectTo(database.uri);
    here = await startAssignmentsApp({ database: database.connection, userWorkers: 100 });
    there = await startAssignmentsApp({ database: second, userWorkers: 100 });
  }, 30_000);
  afterAll(async () => {
    await here.close();
    await there.close();
    await second.close();
    await database.drop();
  });

  const ask = async (app: AssignmentsApp, as: string) =>
    ((await app.api(as, 'POST', '/requests', { hours: 1, reason: 'race' })).body as Item).id;

  it('give two workers to two of four that ask at once, whoever serves them', async () => {
    const users = ['user-token', 'user-token-1', 'user-token-2', 'user-token-3'];
    const ids = await Promise.all(users.map((as, index) => ask(index % 2 === 0 ? here : there, as)));
    // past the lease of the tick, as a process does that stood still
    const turns = [here, there].map(({ app }) => app.get(RequestProcess, { strict: false }).serve());
    await Promise.all(turns);
    await here.app.get(RequestProcess, { strict: false }).serve();
    const { body } = await there.api('operator-token', 'GET', '/requests');
    const found = (body as { items: (Item & { workerId: string | null })[] }).items;
    expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const ready = found.filter(({ state }) => state === 'ready').map(({ workerId }) => workerId);
    expect(ready.sort()).toEqual([WORKER, OTHER_WORKER]);
    await here.serve();
    await eventually(async () => {
      const { body: granted } = await there.api('operator-token', 'GET', '/assignments?active=true');
      expect((granted as { items: Item[] }).items).toHaveLength(2);
    });
    for (const id of ids) await here.api('operator-token', 'POST', `/requests/${id}/cancel`);
  });

  it('both let in whom either assigned a worker, and nobody longer than that', async () => {
    const grants = () => there.app.get(AssignedGrants, { strict: false }).grantsOf(`${USER}-9`);
    const body = { userId: `${USER}-9`, workerId: WORKER, reason: 'course' };
    const { id } = (await here.api('admin-token', 'POST', '/assignments', body)).body as Item;
    await eventually(() => expect(grants()).toHaveLength(1));
    await here.api('admin-token', 'DELETE', `/assignments/${id}`);
    await eventually(() => expect(grants()).toEqual([]));
  });

  it('both know at once what either assigned, for who shows or ends it', async () => {
    const grantsAt = ({ app }: AssignmentsApp, userId: string) =>
      app.get(AssignedGrants, { strict: false }).grantsOf(userId);
    const assign = async (userId: string) => {
      const body = { userId, workerId: WORKER, reason: 'course' };
      return `/assignments/${((await here.api('admin-token', 'POST', '/assignments', body)).body as Item).id}`;
    };
    const shown = await assign(`${USER}-7`);
    expect((await there.api('operator-token', 'GET', shown)).status).toBe(200);
    const ended = await assign(`${USER}-6`);
    expect((await there.api('admin-token', 'DELETE', ended)).status).toBe(204);
    expect(grantsAt(there, `${USER}-6`)).toEqual([]);
    await eventually(() => expect(grantsAt(here, `${USER}-6`)).toEqual([]));
    expect((await there.api('admin-token', 'DELETE', `/assignments/${WORKER}`)).status).toBe(404);
  });

  it('know everything when they start', async () => {
    await here.api('admin-token', 'POST', '/assignments', {
      ...{ userId: `${USER}-8`, workerId: OTHER_WORKER, labId: 'lab-7', reason: 'course' },
    });
    await there.close();
    there = await startAssignmentsApp({ database: second });
    expect(there.app.get(AssignedGrants, { strict: false }).grantsOf(`${USER}-8`)).toEqual([
      { role: 'user', scope: { workerIds: [OTHER_WORKER], labIds: ['lab-7'] } },
    ]);
  });
});
