import { OperationsSchedules } from '../src/operations';
import { eventually } from './support/eventually';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** Labs over HTTP, of a simulated CML server that is asked over its own API. */
describe('the labs of a worker', () => {
  let app: MemoryApp;
  let fleet: FleetSteps;
  let worker: { readonly id: string; readonly awsInstanceId: string };
  let labs: string;

  beforeAll(async () => {
    app = await startMemoryApp();
    fleet = new FleetSteps(app);
    worker = await fleet.available();
    labs = `/api/v1/workers/${worker.id}/labs`;
    const server = app.simulator.world.server(worker.awsInstanceId);
    for (const title of ['BGP', 'OSPF']) server.labOf(server.userNamed('alice'), title, app.clock.now());
  });
  afterAll(() => app.close());

  const states = async (query = '') => {
    const { body } = await app.admin.get(`${labs}${query}`);
    return (body.items as { title: string; state: string }[]).map(({ title, state }) => [title, state]);
  };
  const idOf = async (title: string) => {
    const { body } = await app.admin.get(`${labs}?live=true`);
    return (body.items as { id: string; title: string }[]).find((lab) => lab.title === title)?.id ?? '';
  };

  it('are started by people, which the server knows at once and the observations a minute later', async () => {
    const id = await idOf('OSPF');
    expect(await app.admin.get(`${labs}/${id}?live=true`)).toMatchObject({
      body: { title: 'OSPF', owner: 'alice', state: 'DEFINED_ON_CORE', nodeCount: 4, ageSeconds: 0 },
    });
    const { status } = await app.admin.post(`${labs}/${id}/start`, { reason: 'the course begins' });
    expect(status).toBe(202);
    expect(await states('?live=true&state=STARTED')).toEqual([['OSPF', 'STARTED']]);
    await fleet.minutes(1);
    expect(await states('?owner=alice')).toEqual([
      ['BGP', 'DEFINED_ON_CORE'],
      ['OSPF', 'STARTED'],
    ]);
    // once they have their places in the log
    await eventually(async () => {
      const { body } = await app.admin.get(`/api/v1/events?workerIds=${worker.id}&types=io.cml-fleet.labs.*`);
      const acts = (body.items as { type: string; subject: string }[]).map(({ type, subject }) => [
        type,
        subject,
      ]);
      expect(acts).toEqual([
        ['io.cml-fleet.labs.start-requested.v1', worker.id],
        ['io.cml-fleet.labs.request-answered.v1', worker.id],
      ]);
    });
  });

  it('are stopped all by one request, and then none of their nodes runs', async () => {
    await app.admin.post(`${labs}/${await idOf('BGP')}/start`);
    const { status, headers } = await app.admin.post(`${labs}/stop-all`, { reason: 'good night' });
    expect(status).toBe(202);
    await eventually(async () => {
      await app.app.get(OperationsSchedules, { strict: false }).carryOut.run();
      expect((await app.admin.get(headers.get('location') ?? '')).body).toMatchObject({
        ...{ state: 'succeeded', result: { stopped: 2 } },
      });
    });
    expect(await states('?live=true')).toEqual([
      ['BGP', 'STOPPED'],
      ['OSPF', 'STOPPED'],
    ]);
  });

  it('cannot be started on a worker that is to stop', async () => {
    const id = await idOf('BGP');
    await app.admin.post(`/api/v1/workers/${worker.id}/stop`, { reason: 'the course is over', force: true });
    expect((await app.admin.post(`${labs}/${id}/start`)).body).toMatchObject({
      ...{ status: 409, code: 'invalid-transition' },
      detail: expect.stringMatching(/^No lab can be started on worker-1: .*\(the course is over\)/) as string,
    });
  });
});
