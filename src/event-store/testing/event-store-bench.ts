import { ManualClock } from '../../kernel/clocks';
import { AppendSignal } from '../append-signal';
import { CommitMaker } from '../commit-maker';
import { HmacCommitSeal } from '../hmac-commit-seal';
import { type CommitSeal, type EventStore } from '../ports';
import { START } from './books';

/** An event store on the bench: empty, with its time in the hands of the test. */
export interface EventStoreBench {
  readonly store: EventStore;
  readonly clock: ManualClock;
  readonly seal: CommitSeal;
  /** The same streams and log as another process would have them. */
  another(): Promise<EventStore>;
  /** Puts another actor into a stored commit behind the store's back. */
  tamper(commitId: string, actor: string): Promise<void>;
  close(): Promise<void>;
}

/** What both kinds of store are made from. */
export function benchParts() {
  const clock = new ManualClock(START);
  const seal = new HmacCommitSeal([{ kid: 'k1', key: Buffer.alloc(32, 1) }]);
  return { clock, seal, maker: new CommitMaker(clock, seal), signal: new AppendSignal() };
}
