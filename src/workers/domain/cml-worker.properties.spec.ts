import * as fc from 'fast-check';
import { anything, live, lives, type Step } from '../testing/worker-steps';
import { aWorker, newWorker, WORKER_ID } from '../testing/worker.builder';
import { CmlWorker } from './cml-worker';
import { type WorkerEvent } from './worker-events';
import { type WorkerState } from './worker-state';
import { isDown } from './worker-status';

const RUNS = { numRuns: 300 };
const created = () => CmlWorker.create(WORKER_ID, newWorker());
const serving = () => aWorker().serving().withLabs(1).build();

function restored(
  events: readonly WorkerEvent[],
  from: { state: WorkerState; version: number } | null = null,
) {
  const worker = CmlWorker.restore(WORKER_ID, events, from);
  if (!worker) throw new Error('there are events');
  return worker;
}

/** Holds for the states before and after each step of whatever is done to a new worker and to a serving one. */
function always(holds: (before: WorkerState, after: WorkerState, step: Step) => void): void {
  for (const begin of [created, serving]) {
    const property = fc.property(anything, (steps) => {
      const worker = begin();
      let before = worker.state;
      live(worker, steps, (step) => {
        holds(before, worker.state, step);
        before = worker.state;
      });
    });
    fc.assert(property, RUNS);
  }
}

describe('whatever happens to a worker', () => {
  it('replay of its events gives the live state, and the version counts them', () => {
    const property = fc.property(anything, (steps) => {
      const worker = created();
      live(worker, steps);
      const replayed = restored(worker.uncommitted);
      expect(replayed.state).toStrictEqual(worker.state);
      expect(replayed.version).toBe(worker.uncommitted.length);
    });
    fc.assert(property, RUNS);
  });

  it('a snapshot at any point with the rest gives the full replay', () => {
    const property = fc.property(anything, fc.nat(), (steps, point) => {
      const worker = created();
      live(worker, steps);
      const events = worker.uncommitted;
      const version = 1 + (point % events.length);
      const { state } = restored(events.slice(0, version));
      const resumed = restored(events.slice(version), { state, version });
      expect(resumed.state).toStrictEqual(worker.state);
      expect(resumed.version).toBe(events.length);
    });
    fc.assert(property, RUNS);
  });

  it('each method says truly whether anything changed', () => {
    const property = fc.property(lives, (steps) => {
      const worker = serving();
      const told = steps.map((step) => ({
        ...step,
        act: (on: CmlWorker, now: Date) => {
          const recorded = on.uncommitted.length;
          const changed = step.act(on, now);
          expect(changed).toBe(on.uncommitted.length > recorded);
          return changed;
        },
      }));
      live(worker, told);
    });
    fc.assert(property, RUNS);
  });

  it('lastActivityAt never goes back, and is never forgotten', () => {
    always((before, after) => {
      const was = before.lastActivityAt?.getTime() ?? 0;
      expect(after.lastActivityAt?.getTime() ?? 0).toBeGreaterThanOrEqual(was);
    });
  });

  it('TERMINATED and released absorb: no event follows', () => {
    always((before, after) => {
      if (before.status === 'TERMINATED' || before.releasedAt) expect(after).toBe(before);
    });
  });

  it('missing readings never overwrite known ones while the instance stays up', () => {
    always((before, after) => {
      if (isDown(after.status) || before.status !== after.status) return;
      for (const field of ['activeLabsCount', 'cpuUtilization', 'memoryUtilization'] as const) {
        if (before[field] !== null) expect(after[field]).not.toBeNull();
      }
    });
  });

  it('nothing serves on an instance that is down, and nothing is known of its labs', () => {
    always((_before, after) => {
      if (!isDown(after.status)) return;
      expect(after).toMatchObject({
        serviceStatus: 'UNAVAILABLE',
        activeLabsCount: null,
        cpuUtilization: null,
        memoryUtilization: null,
      });
      if (after.status === 'STOPPED' || after.status === 'TERMINATED') {
        expect(after).toMatchObject({ publicIp: null, httpsEndpoint: null });
      }
    });
  });

  it('an instance that was assigned is the worker’s for good', () => {
    always((before, after) => {
      if (before.awsInstanceId !== null) expect(after.awsInstanceId).toBe(before.awsInstanceId);
    });
  });

  it('a termination that was asked for is never taken back, only hurried', () => {
    always((before, after) => {
      if (before.desired.state !== 'TERMINATED' || after.desired === before.desired) return;
      const hurried = [before.desired.force, after.desired.state, after.desired.force];
      expect(hurried).toEqual([undefined, 'TERMINATED', true]);
    });
  });

  it('the revision stays, or counts up by each change of what people want', () => {
    always((before, after) => {
      // a snooze that takes back an automatic stop changes two things
      expect([0, 1, 2]).toContain(after.revision - before.revision);
    });
  });
});
