import { ManualClock } from '../../kernel/clocks';
import { AppendSignal } from '../append-signal';
import { CommitMaker } from '../commit-maker';
import { HmacCommitSeal } from '../hmac-commit-seal';
import { LogSeal } from '../log-seal';
import { type CommitSeal, type EventStore } from '../ports';
import { type CommitTable, type LogTable } from '../tables';
import { START } from './books';

/** An event store on the bench: empty, with its time in the hands of the test. */
export interface EventStoreBench {
  readonly store: EventStore;
  readonly clock: ManualClock;
  readonly seal: CommitSeal;
  readonly logSeal: LogSeal;
  readonly commits: CommitTable;
  readonly log: LogTable;
  /** the log's table as `store` has it */
  readonly placing: LogTable;
  /** The same streams and log as another process would have them. */
  another(): Promise<EventStore>;
  /** Puts another actor into a stored commit behind the store's back. */
  tamper(commitId: string, actor: string): Promise<void>;
  close(): Promise<void>;
}

const RING = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];

/** What a store is made from, but for its tables. */
export function benchParts(pause: (ms: number) => Promise<void> = () => Promise.resolve()) {
  const clock = new ManualClock(START);
  const seal = new HmacCommitSeal(RING);
  const logSeal = new LogSeal(RING);
  const maker = new CommitMaker(clock, seal);
  const signal = new AppendSignal();
  return {
    clock,
    seal,
    logSeal,
    maker,
    signal,
    store: { maker, seal: logSeal, appended: signal, clock, pause },
  };
}
