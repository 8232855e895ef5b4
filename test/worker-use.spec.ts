import { CommandBus } from '@nestjs/cqrs';
import { MINUTE, plus } from '../src/kernel/clocks';
import { systemContext } from '../src/kernel/command-context';
import { OperationsSchedules } from '../src/operations';
import { FenceWorker } from '../src/workers';
import { eventually } from './support/eventually';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** What people do through the API keeps a worker from being stopped by itself, and how one is stopped by force. */
describe('a worker that people use', () => {
  let app: MemoryApp;
  let fleet: FleetSteps;
  let id: string;
  let path: string;

  beforeAll(async () => {
    app = await startMemoryApp();
    fleet = new FleetSteps(app);
    const worker = await fleet.available();
    id = worker.id as string;
    path = `/api/v1/workers/${id}`;
    const server = app.simulator.world.server(worker.awsInstanceId as string);
    for (const title of ['BGP', 'OSPF']) server.labOf(server.userNamed('alice'), title, app.clock.now());
  }, 30_000);
  afterAll(() => app.close());

  const connection = async () => (await app.admin.get(`${path}/connection`)).body;
  const fence = async () => {
    const context = systemContext('reaper', `fence-${app.clock.now().getTime()}`);
    const { lastUse } = await fleet.show(id);
    const terms = { decisionId: 'd-1', until: plus(app.clock.now(), MINUTE) };
    const expectedUse = lastUse && new Date(lastUse.at as string);
    await app.app
      .get(CommandBus, { strict: false })
      .execute(new FenceWorker(id, { ...terms, expectedUse }, context));
  };

  it('is used by who is told where to connect to, which its history and its view tell', async () => {
    expect(await connection()).toMatchObject({ ready: true });
    await connection();
    const at = app.clock.now().toISOString();
    const by = expect.stringMatching(/^api-key:/) as string;
    expect(await fleet.show(id)).toMatchObject({
      ...{ lastUse: { kind: 'connection', by, at }, lastActivityAt: at, lastActivitySource: 'api' },
      lastActivityKind: 'connection',
    });
    await eventually(async () => {
      const { body } = await app.admin.get(`${path}/events?type=io.cml-fleet.worker.use-noted.v1`);
      expect((body.items as { data: object }[]).map(({ data }) => data)).toEqual([
        { use: { kind: 'connection', by, at } },
      ]);
    });
  });

  it('is kept alive by an operator, without a new version', async () => {
    app.clock.advance(MINUTE);
    const { version } = await fleet.show(id);
    const kept = await app.admin.post(`${path}/keep-alive`, { reason: 'the course goes on' });
    expect([kept.status, kept.headers.get('etag')]).toEqual([200, `"${version}"`]);
    expect(kept.body.lastUse).toMatchObject({ kind: 'keep-alive', at: app.clock.now().toISOString() });
  });

  it('offers no connection while it is fenced, and is not among those that one can connect to', async () => {
    const open = async () => (await app.admin.get('/api/v1/workers/available')).body.items.length as number;
    expect(await open()).toBe(1);
    await fence();
    expect(await connection()).toMatchObject({ ready: false, retryAfterSeconds: 60 });
    expect(await open()).toBe(0);
    expect((await fleet.show(id)).fence).toMatchObject({ decisionId: 'd-1' });
    const { body } = await app.admin.post(`${path}/start`);
    expect(body.fence).toBeNull();
    expect([await connection(), await open()]).toEqual([expect.objectContaining({ ready: true }), 1]);
  });

  it('has its labs stopped in order when it is stopped by force, and stops then', async () => {
    const labs = `${path}/labs`;
    const { body: listed } = await app.admin.get(`${labs}?live=true`);
    for (const lab of listed.items as { id: string }[]) await app.admin.post(`${labs}/${lab.id}/start`);
    await fleet.minutes(1);
    const stopped = await app.admin.post(`${path}/stop`, { reason: 'over', force: true });
    expect(stopped.body).toMatchObject({
      ...{ desiredState: 'STOPPED', status: 'RUNNING' },
      forcedStop: { waits: true, preparedAt: null, labsStopped: null, topologiesKept: null },
    });
    await eventually(async () => {
      await app.app.get(OperationsSchedules, { strict: false }).carryOut.run();
      const { body } = await app.admin.get('/api/v1/operations');
      expect(body.items[0]).toMatchObject({ kind: 'prepare-stop', workerId: id, state: 'succeeded' });
    });
    await eventually(async () => expect(await fleet.show(id)).toMatchObject({ status: 'STOPPING' }));
    expect((await fleet.show(id)).forcedStop).toMatchObject({
      waits: false,
      labsStopped: 2,
      topologiesKept: 2,
    });
    await fleet.minutes(2);
    expect(await fleet.show(id)).toMatchObject({ status: 'STOPPED', fence: null });
    const kept = await app.admin.post(`${path}/keep-alive`);
    expect([kept.status, kept.body.code]).toEqual([409, 'invalid-transition']);
  }, 30_000);
});
