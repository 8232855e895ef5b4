import { streamOf } from '../../event-store';
import { memoryStore } from '../../event-store/testing/memory-store';
import { systemContext } from '../../kernel/command-context';
import {
  CMLWorkerCallAnsweredDomainEvent,
  CMLWorkerDesiredStateUpdatedDomainEvent,
  CMLWorkerStopWithdrawnDomainEvent,
  type WorkerEvent,
} from '../../workers/domain/worker-events';
import { type CMLWorkerStatus } from '../../workers/domain/worker-status';
import { stopCommandId } from '../domain/stop-trail';
import { aWorkerState } from '../testing/worker-state.builder';
import { StoredStopTrail } from './stored-stop-trail';

const { desired: RUNS } = aWorkerState();
const STOPPED = { ...RUNS, state: 'STOPPED' } as const;
const answered = (status: CMLWorkerStatus) =>
  new CMLWorkerCallAnsweredDomainEvent('w-1', { status, answeredAt: RUNS.at });
const withdrawn = new CMLWorkerStopWithdrawnDomainEvent('w-1', { decisionId: 'd-1', desired: RUNS });
const wished = new CMLWorkerDesiredStateUpdatedDomainEvent('w-1', { desired: STOPPED });

describe('what became of a stop', () => {
  it.each([
    ['nothing yet', [], 'open'],
    ['AWS answered', [answered('STOPPING')], 'sent'],
    ['it was snoozed first', [withdrawn], 'withdrawn'],
    ['a snooze crossed a call that AWS took', [withdrawn, answered('STOPPING')], 'sent'],
    ['it was snoozed first, and started later', [withdrawn, answered('PENDING')], 'withdrawn'],
    ['it was snoozed first, and a person stopped it', [withdrawn, wished, answered('STOPPING')], 'withdrawn'],
  ] satisfies [string, WorkerEvent[], string][])('%s', async (_what, later, outcome) => {
    const { store } = memoryStore();
    const stream = streamOf('worker', 'w-1');
    let head = { version: 0, at: null as Date | null, hash: null as string | null };
    const ids = [stopCommandId('d-1'), ...later.map((_, index) => `later-${index}`)];
    for (const [index, event] of [wished, ...later].entries()) {
      const context = systemContext('reaper', ids[index] ?? '', { reason: 'idle' });
      const { last: version, at, hash } = await store.append({ stream, head, events: [event], context });
      head = { version, at, hash };
    }
    expect(await new StoredStopTrail(store).of('w-1', 'd-1')).toEqual({ outcome, reason: 'idle' });
  });
});
