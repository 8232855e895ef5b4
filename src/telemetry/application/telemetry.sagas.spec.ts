import { firstValueFrom, of, toArray } from 'rxjs';
import { CMLWorkerStatusUpdatedDomainEvent, type CMLWorkerStatus } from '../../workers';
import { ObserveWorker } from './observe-worker.command';
import { TelemetrySagas } from './telemetry.sagas';

const at = new Date('2026-03-02T09:00:00.000Z');
const became = (newStatus: CMLWorkerStatus) =>
  new CMLWorkerStatusUpdatedDomainEvent('w1', { oldStatus: 'PENDING', newStatus, updatedAt: at });
const record = {
  id: 'event-1',
  version: 3,
  at,
  actor: 'system:telemetry',
  reason: null,
  correlationId: 'c1',
  causationId: null,
};

const commandsAfter = (...events: object[]) =>
  firstValueFrom(new TelemetrySagas().observeAtOnceWhenRunning(of(...events)).pipe(toArray()));

describe('observe at once when running', () => {
  it('observes a worker that began to run, and only that', async () => {
    const commands = await commandsAfter(
      became('STOPPED'),
      { type: 'another' },
      became('RUNNING').recorded(record),
    );
    expect(commands).toHaveLength(1);
    expect(commands[0]).toBeInstanceOf(ObserveWorker);
    expect(commands[0]).toMatchObject({
      workerId: 'w1',
      context: { actor: 'system:telemetry', correlationId: 'c1', causationId: 'event-1' },
    });
  });

  it('makes the same command of the same event, and another of another', async () => {
    const [first, again, other] = (await commandsAfter(
      became('RUNNING').recorded(record),
      became('RUNNING').recorded(record),
      became('RUNNING').recorded({ ...record, id: 'event-2' }),
    )) as ObserveWorker[];
    expect(again?.context.commandId).toBe(first?.context.commandId);
    expect(other?.context.commandId).not.toBe(first?.context.commandId);
  });

  it('can take an event without a record', async () => {
    expect(await commandsAfter(became('RUNNING'))).toHaveLength(1);
  });
});
