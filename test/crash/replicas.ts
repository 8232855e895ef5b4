import { type AppProcess, startApp } from '../support/app-process';
import { eventually } from '../support/eventually';
import { type Random } from './random';

type Environment = Readonly<Record<string, string>>;

interface LogLine {
  readonly correlationId?: string;
  readonly err?: { readonly stack?: string };
}

const LOGGED_WITHIN_MS = 10_000;

/** Application processes on one database. */
export class Replicas {
  private readonly serving = new Map<number, AppProcess>();
  private readonly everyone: AppProcess[] = [];
  private closed = false;
  /** what processes did that they should not */
  readonly faults: string[] = [];

  constructor(
    readonly count: number,
    private readonly env: Environment | ((index: number) => Promise<Environment>),
  ) {}

  async start(index: number): Promise<void> {
    const { env } = this;
    const app = await startApp(typeof env === 'function' ? await env(index) : env);
    this.everyone.push(app);
    this.serving.set(index, app);
  }

  /** All that do not run. */
  async startAll(): Promise<void> {
    const missing = Array.from({ length: this.count }, (_, index) => index).filter(
      (index) => !this.serving.has(index),
    );
    await Promise.all(missing.map((index) => this.start(index)));
  }

  /** kill -9 */
  async kill(index: number): Promise<void> {
    const app = this.serving.get(index);
    this.serving.delete(index);
    if (!app) return;
    this.check(index, app);
    await app.kill();
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.serving.keys()].map((index) => this.kill(index)));
  }

  get running(): number[] {
    return [...this.serving.keys()];
  }

  /** Kills all for good: whoever still wants something of them gets an error. */
  async close(): Promise<void> {
    this.closed = true;
    await this.killAll();
  }

  /** Null while none runs. */
  anyUrl(random: Random): string | null {
    if (this.closed) throw new Error('the run is over');
    const apps = [...this.serving.values()];
    return apps.length > 0 ? random.pick(apps).url : null;
  }

  urlOf(index: number): string | null {
    return this.serving.get(index)?.url ?? null;
  }

  pidOf(index: number): number | null {
    return this.serving.get(index)?.pid ?? null;
  }

  /** Ids of the processes that were killed. */
  get dead(): number[] {
    return this.everyone.filter(({ end }) => end() !== null).map(({ pid }) => pid);
  }

  /** What the processes logged about a request that failed; its line may come after the answer. */
  errorOf(correlationId: string): Promise<string> {
    return eventually(() => {
      const lines = this.everyone.flatMap(({ log }) => log as readonly LogLine[]);
      const found = lines.filter((line) => line.correlationId === correlationId && line.err);
      if (found.length === 0) throw new Error('nothing was logged about it');
      return found.map(({ err }) => err?.stack ?? '').join('\n');
    }, LOGGED_WITHIN_MS).catch(String);
  }

  private check(index: number, app: AppProcess): void {
    const end = app.end();
    if (end !== null) this.faults.push(`process ${index} ended by itself: ${end}`);
  }
}
