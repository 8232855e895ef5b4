import { AppendSignal } from '../../append-signal';
import { AggregateStore } from '../../aggregate-store';
import { EventRegistry } from '../../event-decoder';
import { type HmacCommitSeal } from '../../hmac-commit-seal';
import { type LogSeal } from '../../log-seal';
import { MemorySnapshotStore } from '../../memory/memory-snapshot-store';
import { type ReportError } from '../../report-error';
import { TableEventStore } from '../../table-event-store';
import { type Book, BookMoved, BookPlaced, BOOKS, type BookState } from '../books';
import { type Parts, type Tables } from './parts';
import { ScannedCommits } from './scanned-commits';
import { type SimulatedProcess } from './simulated-process';

export interface World {
  readonly parts: Parts;
  readonly tables: Tables;
  readonly seal: HmacCommitSeal;
  readonly logSeal: LogSeal;
  readonly report: ReportError;
}

/** What every process of the program has: the store over its own connections, and the books. */
export class Replica {
  readonly tables: Tables;
  readonly store: TableEventStore;
  /** the same, whose calls wait for nobody */
  readonly quick: TableEventStore;
  readonly books: AggregateStore<Book, BookState>;

  constructor(
    readonly process: SimulatedProcess,
    { parts, tables, seal, logSeal, report }: World,
  ) {
    this.tables = parts.seen({
      commits: new ScannedCommits(tables.commits, process),
      log: process.gate('log', tables.log),
      subscriptions: process.gate('subscriptions', tables.subscriptions),
      parked: process.gate('parked', tables.parked),
      shelves: process.gate('shelves', tables.shelves),
    });
    const pause = () => Promise.resolve();
    const rest = {
      maker: parts.maker(process.clock, seal),
      seal: logSeal,
      appended: new AppendSignal(),
      clock: process.clock,
      pause,
    };
    this.store = new TableEventStore({ ...this.tables, ...rest });
    this.quick = new TableEventStore({ ...tables, ...rest });
    const decoder = new EventRegistry();
    decoder.register([BookPlaced, BookMoved]);
    const snapshots = new MemorySnapshotStore();
    const services = { store: this.store, seal, snapshots, decoder, report, random: () => 0.5, pause };
    const shelve = (book: Book) => this.tables.shelves.put(book);
    this.books = new AggregateStore(services, BOOKS, [(_commit, _events, book) => shelve(book)]);
  }
}
