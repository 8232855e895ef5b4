import { HOUR, SECOND } from '../src/kernel/clocks';
import { OperationsSchedules } from '../src/operations';
import { eventually } from './support/eventually';
import { FleetSteps, REGION } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

const PATH = '/api/v1/reaper/simulations';
const SPAN = { from: '2027-01-14T08:00:00.000Z', to: '2027-01-15T09:00:00.000Z' };

const ended = ({ app, admin }: MemoryApp, location: string) =>
  eventually(async () => {
    await app.get(OperationsSchedules, { strict: false }).carryOut.run();
    expect((await admin.get(location)).body.state).toBe('succeeded');
  });

/** Simulations of policies, over HTTP, in the whole application. */
describe('a simulation', () => {
  let app: MemoryApp;
  let workerId: string;

  beforeAll(async () => {
    app = await startMemoryApp();
    const order = { name: 'sim', awsRegion: REGION, instanceType: 'c5.metal', amiName: 'cml*' };
    const { body } = await app.admin.post('/api/v1/workers', { ...order, tags: { use: 'course' } });
    workerId = body.id as string;
    app.clock.advance(HOUR);
  });
  afterAll(() => app.close());

  it('is made by an operation, and then shown and listed', async () => {
    const answer = await app.admin.post(PATH, {
      ...SPAN,
      policy: { idleThresholdMinutes: 90 },
      tag: 'use:course',
    });
    expect([answer.status, answer.body.kind]).toEqual([202, 'simulate-policy']);
    const location = answer.headers.get('location') ?? '';
    expect(location).toBe(`/api/v1/operations/${answer.body.id}`);
    await ended(app, location);
    const { body } = await app.admin.get(`${PATH}/${answer.body.id}`);
    expect(body).toMatchObject({
      ...{ ...SPAN, policy: { idleThresholdMinutes: 90 }, tag: 'use:course', workerIds: null },
      totals: { workers: 1, stops: 0, hits: 0, approximate: false },
      workers: [{ workerId, workerName: 'sim' }],
      ...{ comparison: null, skipped: [] },
    });
    const { items } = (await app.admin.get(PATH)).body;
    expect(items).toMatchObject([{ id: answer.body.id, totals: body.totals }]);
  });

  it('names whom it leaves out', async () => {
    const other = '00000000-0000-4000-8000-00000000000f';
    const { body } = await app.admin.post(PATH, { ...SPAN, workerIds: [workerId, other] });
    await ended(app, `/api/v1/operations/${body.id}`);
    expect((await app.admin.get(`${PATH}/${body.id}`)).body.skipped).toMatchObject([{ workerId: other }]);
  });

  it.each([
    ['a time in the future', { to: '2027-01-15T09:00:01.000Z' }, ['/to']],
    ['a time that ends before it begins', { from: SPAN.to, to: SPAN.from }, ['/from']],
    ['more than 90 days', { from: '2026-10-01T00:00:00.000Z' }, ['/from']],
    [
      'a time of which signals are no longer kept',
      { from: '2026-10-01T00:00:00.000Z', to: '2026-10-20T00:00:00.000Z' },
      ['/from'],
    ],
    [
      'a policy that does not hold together',
      { policy: { requiredSignals: ['cpu'] } },
      ['/policy/requiredSignals'],
    ],
  ])('refuses %s', async (_, given, pointers) => {
    const { status, body } = await app.admin.post(PATH, { ...SPAN, ...given });
    expect([status, body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([422, pointers]);
  });
});

/** A simulation of what was really lived, beside what the reaper thought of it then. */
describe('a simulation of the policies as they are', () => {
  let app: MemoryApp;

  beforeAll(async () => {
    app = await startMemoryApp();
  });
  afterAll(() => app.close());

  it('thinks again what the reaper thought, change by change, and finds whom a stop would have hit', async () => {
    const fleet = new FleetSteps(app);
    const from = app.clock.now();
    const { id } = await fleet.available();
    const path = `/api/v1/workers/${id}`;
    const live = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await fleet.minutes(1);
        await fleet.reap();
      }
    };
    /** Between two turns. */
    const act = async (what: string, body: object) => {
      app.clock.advance(20 * SECOND);
      expect((await app.admin.post(`${path}/${what}`, body)).status).toBeLessThan(300);
      app.clock.advance(40 * SECOND);
      await fleet.reap();
    };
    await live(50);
    await act('keep-alive', { reason: 'the course goes on' });
    await live(75);
    expect(await fleet.show(id as string)).toMatchObject({ desiredState: 'STOPPED' });
    await act('start', {});
    await live(2);
    const { body } = await app.admin.post(PATH, { from, to: app.clock.now() });
    await ended(app, `/api/v1/operations/${body.id}`);
    const { comparison, stops } = (await app.admin.get(`${PATH}/${body.id}`)).body;
    expect(comparison).toMatchObject({ underOtherPolicies: 0, differing: [] });
    expect([comparison.recorded, comparison.equal]).toEqual([expect.any(Number), comparison.recorded]);
    expect(comparison.recorded).toBeGreaterThanOrEqual(6);
    const hit = { what: 'start', by: expect.stringMatching(/^api-key:/) as string };
    expect(stops).toMatchObject([{ cause: 'idle', hit }]);
  }, 60_000);
});
