import { given } from '../testing/given';
import { at, aWorker } from '../testing/worker.builder';
import { type ScheduledEvent, type StatusCheck } from './instance-health';
import { type SweptReading } from './instance-reading';

const NOW = at(60);

function reading(given: Partial<SweptReading>): SweptReading {
  const unsaid = { publicIp: null, privateIp: null, stateReason: null };
  return { status: 'RUNNING', ...unsaid, begunAt: NOW, ...given };
}

const checked = (
  system: StatusCheck | null,
  instance: StatusCheck | null,
  scheduledEvents: ScheduledEvent[] = [],
) => reading({ health: { checks: { system, instance }, scheduledEvents } });

const retirement: ScheduledEvent = {
  id: 'instance-event-1',
  code: 'instance-retirement',
  description: 'The instance is running on degraded hardware',
  notBefore: at(10_000),
  notAfter: null,
};

describe("EC2's checks", () => {
  it('are told when they turn', () => {
    const worker = aWorker().running().build();
    for (const [system, instance] of [
      ['initializing', 'initializing'],
      ['ok', 'initializing'],
      ['ok', 'ok'],
      ['ok', 'ok'],
      ['ok', 'impaired'],
    ] as const) {
      worker.observe(checked(system, instance), NOW);
    }
    expect(worker.uncommitted.map(({ type, data }) => ({ type, data }))).toEqual(
      [
        { system: 'ok', instance: null },
        { system: 'ok', instance: 'ok' },
        { system: 'ok', instance: 'impaired' },
      ].map((checks) => ({ type: 'worker.status-checks-updated', data: { checks, updatedAt: NOW } })),
    );
  });

  it('that EC2 did not say, or cannot say, wipe nothing', () => {
    const worker = aWorker().running().build();
    worker.observe(checked('ok', 'impaired'), NOW);
    worker.observe(checked(null, 'insufficient-data'), NOW);
    worker.observe(reading({ health: null }), NOW);
    worker.observe(reading({}), NOW);
    expect(worker.state.checks).toEqual({ system: 'ok', instance: 'impaired' });
  });

  it('of the run before say nothing about the next one', () => {
    const worker = aWorker().running().build();
    worker.observe(checked('ok', 'impaired'), NOW);
    worker.updateStatus('STOPPED', at(61));
    expect(worker.state.checks).toBeNull();
  });
});

describe('what AWS is going to do to the instance', () => {
  const told = (scheduledEvents: ScheduledEvent[]) =>
    ['worker.scheduled-events-updated', { scheduledEvents, updatedAt: NOW }] as const;

  it('is told when it is announced, moved and called off', () => {
    const worker = aWorker().running().build();
    const moved = { ...retirement, notBefore: at(20_000) };
    const notChecked = (events: ScheduledEvent[]) => checked(null, null, events);
    for (const events of [[], [retirement], [retirement], [moved], []])
      worker.observe(notChecked(events), NOW);
    expect(worker.uncommitted.map(({ type, data }) => [type, data])).toEqual([
      told([retirement]),
      told([moved]),
      told([]),
    ]);
  });
});

describe('an interruption of a spot instance', () => {
  const marked = { code: 'marked-for-stop', message: 'AWS stops it in two minutes' };

  it('is told once, and is over when the instance is down', () => {
    given(aWorker().running())
      .when((worker) => worker.observe(reading({ interruption: marked }), NOW))
      .then(['worker.spot-interruption-updated', { interruption: marked, updatedAt: NOW }]);
    const worker = aWorker().running().build();
    worker.observe(reading({ interruption: marked }), NOW);
    expect(worker.observe(reading({ interruption: marked }), NOW)).toBe(false);
    expect(worker.observe(reading({ interruption: null }), NOW)).toBe(false);
    worker.updateStatus('STOPPING', at(61));
    expect(worker.state.interruption).toBeNull();
  });
});
