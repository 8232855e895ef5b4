import { type CmlWorker } from '../domain/cml-worker';
import { type WorkerEvent } from '../domain/worker-events';
import { type WorkerBuilder } from './worker.builder';

/** An event as a spec writes it: its type and its data. */
export type ExpectedEvent = {
  [T in WorkerEvent['type']]: readonly [type: T, data: Extract<WorkerEvent, { type: T }>['data']];
}[WorkerEvent['type']];

interface Outcome {
  /** Exactly these events were recorded, with exactly these values; without any: nothing changed. */
  then(...expected: ExpectedEvent[]): void;
  /** It was refused with exactly this error, and nothing changed. */
  thenThrows(expected: Error): void;
}

/**
 * A domain spec: `given(aWorker().running()).when((worker) => worker.requestStop(wish)).then([type, data], …)`. The
 * method's own answer must say whether anything changed.
 */
export function given(past: WorkerBuilder): { when(act: (worker: CmlWorker) => boolean): Outcome } {
  return {
    when(act) {
      const worker = past.build();
      const { changed, thrown } = attempt(() => act(worker));
      const recorded = worker.uncommitted.map((event) => [event.type, event.data] as const);
      return {
        then: (...expected) => {
          if (thrown !== null) throw thrown;
          expect(recorded).toStrictEqual(expected);
          expect(worker.uncommitted.every((event) => event.aggregateId === past.id)).toBe(true);
          expect(changed).toBe(expected.length > 0);
        },
        thenThrows: (expected) => {
          expect(thrown).toStrictEqual(expected);
          expect(recorded).toStrictEqual([]);
        },
      };
    },
  };
}

function attempt(act: () => boolean): { changed: boolean | null; thrown: Error | null } {
  try {
    return { changed: act(), thrown: null };
  } catch (error) {
    return { changed: null, thrown: error instanceof Error ? error : new Error(String(error)) };
  }
}
