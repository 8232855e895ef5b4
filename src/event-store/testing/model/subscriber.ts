import { LogTail } from '../../log-tail';
import { type LogEntry } from '../../ports';
import { type ReportError } from '../../report-error';
import { aggregateIdOf } from '../../stream-name';
import { type SubscriptionDefinition } from '../../subscription-ports';
import { SubscriptionRunner } from '../../subscription-runner';
import { NoAnswer, type Receiver } from './receiver';
import { type Replica } from './replica';

export const PROJECTION = 'read-model:shelves';
export const WEBHOOK = 'webhook:1';

/** A process that takes part in subscriptions: the read model of the books, a webhook, or both. */
export class Subscriber {
  private readonly tail: LogTail;
  private readonly runners: readonly SubscriptionRunner[];

  constructor(
    readonly replica: Replica,
    private readonly receiver: Receiver,
    subscriptions: readonly string[],
    report: ReportError,
  ) {
    const { process, store, tables } = replica;
    // it only tells that there is something to do, so that its own reads need not be waited for
    this.tail = new LogTail(replica.quick, report);
    const services = { store, ...tables, clock: process.clock, report, random: () => 0.5 };
    const definitions: SubscriptionDefinition[] = [
      { name: PROJECTION, startAfter: 0, kind: 'book', handle: (entry) => this.project(entry) },
      { name: WEBHOOK, startAfter: 0, kind: null, handle: (entry) => this.post(entry) },
    ];
    const own = { ...services, tail: this.tail, owner: process.name };
    this.runners = definitions
      .filter(({ name }) => subscriptions.includes(name))
      .map((definition) => new SubscriptionRunner(own, definition));
    this.tail.listen(() => this.run());
  }

  /** What a process does each second. */
  look(): void {
    void this.tail.refresh();
    this.run();
  }

  private run(): void {
    for (const runner of this.runners) void runner.run();
  }

  private async project({ commit }: LogEntry): Promise<void> {
    const { books, tables } = this.replica;
    const loaded = await books.load(aggregateIdOf(commit.stream));
    if (loaded) await tables.shelves.put(loaded.aggregate);
  }

  private async post({ commit }: LogEntry): Promise<void> {
    for (const [index, { id }] of commit.events.entries()) {
      await this.replica.process.call(
        `webhook ${id}`,
        () => this.receiver.receive(commit, index),
        () => new NoAnswer('no answer from the webhook'),
      );
    }
  }
}
