import { SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { type LogEntry } from './ports';
import { kindOf } from './stream-name';
import { SubscriptionRunner, type SubscriptionRunnerServices } from './subscription-runner';
import { type SubscriptionDefinition } from './subscription-ports';

const LOOK_EVERY_MS = SECOND;
const BATCH = 200;

/** All subscriptions of this process: each has at most one owner among the processes, and moves on its own. */
export class SubscriptionHost {
  private readonly runners = new Map<string, SubscriptionRunner>();
  private halt: (() => void) | null = null;

  constructor(private readonly services: SubscriptionRunnerServices) {}

  /** Takes part in a subscription, which is created where it is not there yet. @throws StoreUnavailable */
  async add(definition: SubscriptionDefinition): Promise<void> {
    const { name, startAfter } = definition;
    await this.services.subscriptions.ensure(name, startAfter);
    if (this.runners.has(name)) return;
    const runner = new SubscriptionRunner(this.services, definition);
    this.runners.set(name, runner);
    if (this.halt) void runner.run();
  }

  /** Ends a subscription for all processes, with what is parked of it. @throws StoreUnavailable */
  async remove(name: string): Promise<void> {
    const runner = this.runners.get(name);
    this.runners.delete(name);
    await runner?.stop();
    await this.services.subscriptions.remove(name);
    await this.services.parked.removeAll(name);
  }

  /**
   * Hands over what lies between a subscription's position and the log's end without moving it: for a start that must not
   * wait for the claim of a process that died. Errors of single entries are left to the owner. @throws StoreUnavailable
   */
  async readAhead(definition: SubscriptionDefinition): Promise<void> {
    const { store, subscriptions } = this.services;
    const state = (await subscriptions.list()).find(({ name }) => name === definition.name);
    let after = state?.position ?? definition.startAfter;
    for (;;) {
      const entries = await store.readLog(after, BATCH);
      for (const entry of entries) await this.tryOnce(definition, entry);
      const last = entries.at(-1);
      if (!last || entries.length < BATCH) return;
      after = last.position;
    }
  }

  start(): void {
    if (this.halt) return;
    const run = () => {
      for (const runner of this.runners.values()) void runner.run();
    };
    const timer = setInterval(run, LOOK_EVERY_MS).unref();
    const unlisten = this.services.tail.listen(run);
    this.halt = () => {
      clearInterval(timer);
      unlisten();
    };
    run();
  }

  /** One turn of each subscription, to its end: for tests and tools that move time themselves. */
  async runAll(): Promise<void> {
    await Promise.all([...this.runners.values()].map((runner) => runner.run()));
  }

  /** Resolves when no turn is under way any more; others may then have the subscriptions. */
  async stop(): Promise<void> {
    this.halt?.();
    this.halt = null;
    await Promise.all([...this.runners.values()].map((runner) => runner.stop()));
  }

  private async tryOnce({ kind, handle, name }: SubscriptionDefinition, entry: LogEntry): Promise<void> {
    if (kind !== null && kindOf(entry.commit.stream) !== kind) return;
    try {
      await handle(entry);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.services.report(error, `read ahead ${entry.commit.id} for ${name}`);
    }
  }
}
