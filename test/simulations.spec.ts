import { HOUR } from '../src/kernel/clocks';
import { OperationsSchedules } from '../src/operations';
import { eventually } from './support/eventually';
import { REGION } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

const PATH = '/api/v1/reaper/simulations';
const SPAN = { from: '2027-01-14T08:00:00.000Z', to: '2027-01-15T09:00:00.000Z' };

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

  const ended = (location: string) =>
    eventually(async () => {
      await app.app.get(OperationsSchedules, { strict: false }).carryOut.run();
      const { body } = await app.admin.get(location);
      expect(body.state).toBe('succeeded');
      return body;
    });

  it('is made by an operation, and then shown and listed', async () => {
    const answer = await app.admin.post(PATH, {
      ...SPAN,
      policy: { idleThresholdMinutes: 90 },
      tag: 'use:course',
    });
    expect([answer.status, answer.body.kind]).toEqual([202, 'simulate-policy']);
    const location = answer.headers.get('location') ?? '';
    expect(location).toBe(`/api/v1/operations/${answer.body.id}`);
    await ended(location);
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

  it('of the policies as they are compares with what was thought, and names whom it leaves out', async () => {
    const other = '00000000-0000-4000-8000-00000000000f';
    const { body } = await app.admin.post(PATH, { ...SPAN, workerIds: [workerId, other] });
    await ended(`/api/v1/operations/${body.id}`);
    expect((await app.admin.get(`${PATH}/${body.id}`)).body).toMatchObject({
      comparison: { recorded: 0, equal: 0, differing: [] },
      skipped: [{ workerId: other }],
    });
  });

  it.each([
    ['a time in the future', { to: '2027-01-15T09:00:01.000Z' }, ['/to']],
    ['a time that ends before it begins', { from: SPAN.to, to: SPAN.from }, ['/from']],
    ['more than 90 days', { from: '2026-10-01T00:00:00.000Z' }, ['/from']],
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
