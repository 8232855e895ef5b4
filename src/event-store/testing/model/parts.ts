import { type FleetClock, type MachineClock } from '../../../kernel/clocks';
import { CommitMaker } from '../../commit-maker';
import { MemoryCommitTable } from '../../memory/memory-commit-table';
import { MemoryLogTable } from '../../memory/memory-log-table';
import { MemoryParkedStreams } from '../../memory/memory-parked-streams';
import { MemorySubscriptions } from '../../memory/memory-subscriptions';
import { type CommitSeal } from '../../ports';
import { type ParkedStreams, type Subscriptions } from '../../subscription-ports';
import { type CommitTable, type LogTable } from '../../tables';
import { Shelves } from './shelves';

export interface Tables {
  readonly commits: CommitTable;
  readonly log: LogTable;
  readonly subscriptions: Subscriptions;
  readonly parked: ParkedStreams;
  readonly shelves: Shelves;
}

/** What the modelled system is made of. Each part can be replaced by one that lacks a guard. */
export interface Parts {
  commits(): CommitTable;
  log(): LogTable;
  /** @param server the clock of the database's server */
  subscriptions(server: MachineClock): Subscriptions;
  parked(): ParkedStreams;
  shelves(): Shelves;
  maker(clock: FleetClock, seal: CommitSeal): CommitMaker;
  /** The tables as one process sees them. */
  seen(tables: Tables): Tables;
}

export const SOUND: Parts = {
  commits: () => new MemoryCommitTable(),
  log: () => new MemoryLogTable(),
  subscriptions: (server) => new MemorySubscriptions(server),
  parked: () => new MemoryParkedStreams(),
  shelves: () => new Shelves(),
  maker: (clock, seal) => new CommitMaker(clock, seal),
  seen: (tables) => tables,
};
