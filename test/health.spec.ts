import { EventStore } from '../src/event-store';
import { MINUTE } from '../src/kernel/clocks';
import { StoreUnavailable } from '../src/kernel/domain-error';
import { StopNotices } from '../src/notifications';
import { NoticeSender } from '../src/notifications/application/notice-sender';
import { FleetSteps, REGION } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** What /health/ready says of the whole application, to everybody. */
describe('the health of the application', () => {
  let app: MemoryApp;
  let fleet: FleetSteps;

  beforeAll(async () => {
    app = await startMemoryApp({
      FLEET_NOTICE_WEBHOOK_URL: 'http://127.0.0.1:9/nobody-listens',
      FLEET_NOTICE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
      FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    });
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  const part = <T>(token: abstract new (...args: never[]) => T): T => app.app.get(token, { strict: false });
  const ready = async () => {
    // what is told only is read every five seconds
    app.clock.advance(6_000);
    const { status, body } = await app.as(null).get('/health/ready');
    return { status, details: body.details as Record<string, unknown> };
  };
  const up = { status: 'up' };

  it('has a word on each part', async () => {
    await fleet.minutes(1);
    expect(await ready()).toEqual({
      status: 200,
      details: {
        store: up,
        scheduler: up,
        'region/eu-west-1': up,
        'region/us-east-1': up,
        'notices/webhook': up,
        webhooks: up,
        subscriptions: up,
      },
    });
  });

  it('tells of a region that cannot be read, and goes on serving the others', async () => {
    const { faults } = app.simulator.world;
    const fault = faults.add({
      region: REGION,
      actions: ['DescribeInstances'],
      error: 'UnauthorizedOperation',
    });
    await fleet.minutes(1);
    expect(await ready()).toMatchObject({
      status: 200,
      details: {
        'region/eu-west-1': {
          ...{ status: 'up', degraded: true },
          message: 'the latest sweep failed: UnauthorizedOperation',
        },
        'region/us-east-1': up,
      },
    });
    faults.remove(fault.id);
    await fleet.minutes(1);
    expect((await ready()).details['region/eu-west-1']).toEqual(up);
    app.clock.advance(60 * MINUTE);
    expect((await ready()).details['region/eu-west-1']).toMatchObject({ message: 'not swept for too long' });
  });

  it('tells of a service that is left alone', async () => {
    const fault = app.simulator.world.faults.add({ region: REGION, cut: 'before-answer' });
    await fleet.minutes(6);
    const { status, details } = await ready();
    expect([status, details['region/eu-west-1']]).toEqual([
      200,
      expect.objectContaining({ message: expect.stringContaining('ec2 does not answer and is left alone') }),
    ]);
    app.simulator.world.faults.remove(fault.id);
  });

  it('tells of a channel by which no notice gets out, without its address', async () => {
    const { id, name } = (await fleet.create()).body as { id: string; name: string };
    const about = { workerId: id, workerName: name, decisionId: 'd-1', deadline: app.clock.now() };
    await part(StopNotices).tell({ ...about, stageMinutes: 60, cause: 'idle', sentence: 'idle', emails: [] });
    await part(NoticeSender).drain();
    expect((await ready()).details['notices/webhook']).toEqual({
      ...{ status: 'up', degraded: true },
      message: 'the latest notice could not be sent',
    });
  });

  it('does not ask the database for each who asks, and is not ready where it does not answer', async () => {
    const asked = jest.spyOn(part(EventStore), 'logEnd').mockRejectedValue(new StoreUnavailable('away'));
    expect(await ready()).toMatchObject({ status: 503, details: { store: { status: 'down' } } });
    asked.mockRestore();
    expect((await ready()).status).toBe(200);
  });
});
