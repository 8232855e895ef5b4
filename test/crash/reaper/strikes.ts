import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { type Random } from '../random';
import { type Replicas } from '../replicas';
import { type StoredCommit } from '../stored';
import { type CmlRequest, type SimulatorBooks, type StopCall } from './simulator-books';
import { type StoreWatch } from './store-watch';

/**
 * Where in a stop: planned and about to be told of, fenced, during the probe, taken from the budget, or when AWS has the
 * call and has not answered.
 */
export type Moment = 'plan' | 'fence' | 'probe' | 'take' | 'stop';

/** What is done to the process that stops, and when. */
export interface Strike {
  readonly moment: Moment;
  readonly deed: 'kill' | 'freeze';
}

export interface Struck extends Strike {
  /** of the process */
  readonly index: number;
  readonly pid: number;
  /** machine milliseconds */
  readonly at: number;
}

const COMES_WITHIN_MS = 150_000;
/** A lease lasts 10 s. */
const FROZEN_MS = { from: 12_000, to: 14_000 };
const GONE_MS = { from: 0, to: 2_000 };
/** Milliseconds from a plan until people are told of it, or nearly. */
const TELLING_MS = 40;
/** of a probe, as which one the moment may come */
const REQUESTS_OF_PROBE = 4;

/** Kills the process that is about to stop a worker, or has it sleep past its lease, in the middle of the stop. */
export class Strikes {
  readonly struck: Struck[] = [];
  readonly faults: string[] = [];
  private armed: { readonly strike: Strike; skip: number } | null = null;
  /** instances and workers whose fence stands, by what the store was seen to hold */
  private readonly fenced = new Set<string>();
  private readonly frozen = new Set<number>();

  constructor(
    private readonly replicas: Replicas,
    private readonly watch: StoreWatch,
    /** index of the process that a door belongs to */
    private readonly indexOf: (door: string) => number,
    private readonly workerOf: (instanceId: string) => string | undefined,
    private readonly random: Random,
  ) {}

  listen(books: SimulatorBooks): void {
    this.watch.onCommit = (commit) => this.committed(commit);
    books.onCmlRequest = (request) => this.requested(request);
    books.onStopCall = (call) => this.called(call);
  }

  /** Of a process that answers; null while none does. */
  awakeUrl(): string | null {
    const awake = this.replicas.running.filter((index) => !this.frozen.has(index));
    return awake.length > 0 ? this.replicas.urlOf(this.random.pick(awake)) : null;
  }

  /** Resolves when the process runs again and another one, or the same, has the turns. */
  async carryOut(strike: Strike): Promise<void> {
    const skip = strike.moment === 'probe' ? this.random.int(0, REQUESTS_OF_PROBE - 1) : 0;
    const before = this.struck.length;
    this.armed = { strike, skip };
    const struck = await this.within(`no moment to ${told(strike)}`, () => this.struck[before]);
    this.armed = null;
    if (!struck) return;
    await this.mend(struck);
    await this.within(`no turn after ${told(strike)}`, () =>
      this.watch.turns.find(({ begunAt }) => begunAt > struck.at),
    );
  }

  /** What comes within long; null, and a fault, if it does not. */
  private async within<T>(fault: string, look: () => T | undefined): Promise<T | null> {
    try {
      return await eventually(() => {
        const found = look();
        if (found === undefined) throw new Error(fault);
        return found;
      }, COMES_WITHIN_MS);
    } catch (error) {
      this.faults.push(String(error));
      return null;
    }
  }

  private async mend({ index, deed, pid }: Struck): Promise<void> {
    if (deed === 'kill') {
      await pause(this.random.int(GONE_MS.from, GONE_MS.to));
      return this.replicas.start(index);
    }
    await pause(this.random.int(FROZEN_MS.from, FROZEN_MS.to));
    process.kill(pid, 'SIGCONT');
    this.frozen.delete(index);
  }

  private committed({ stream, events }: StoredCommit): void {
    for (const { type, data } of events) {
      const worker = stream.replace(/^worker-/, '');
      if (type === 'worker.fence-updated') {
        if (data.fence) this.fenced.add(worker);
        else this.fenced.delete(worker);
        if (data.fence) this.strikeHolder('fence');
      }
      if (
        type === 'worker.planned-stop-updated' &&
        data.plannedStop &&
        this.armed?.strike.moment === 'plan'
      ) {
        setTimeout(() => this.strikeHolder('plan'), this.random.int(0, TELLING_MS));
      }
      if (type === 'worker.status-updated') this.fenced.delete(worker);
      if (type === 'reaper.stop-taken') this.strikeHolder('take');
    }
  }

  private requested({ door, instanceId }: CmlRequest): void {
    const worker = this.workerOf(instanceId);
    const index = this.indexOf(door);
    if (this.armed?.strike.moment !== 'probe' || !worker || !this.fenced.has(worker)) return;
    if (index !== this.holderIndex()) return;
    if (this.armed.skip === 0) this.strike(index);
    else this.armed.skip -= 1;
  }

  private called({ door }: StopCall): void {
    if (this.armed?.strike.moment === 'stop') this.strike(this.indexOf(door));
  }

  private strikeHolder(moment: Moment): void {
    if (this.armed?.strike.moment === moment) this.strike(this.holderIndex());
  }

  private holderIndex(): number | null {
    const pid = Number(this.watch.holder?.split('/')[1]);
    return this.replicas.running.find((index) => this.replicas.pidOf(index) === pid) ?? null;
  }

  /** At once: nothing may be awaited before. */
  private strike(index: number | null): void {
    const pid = index === null ? null : this.replicas.pidOf(index);
    if (!this.armed || index === null || pid === null) return;
    const { strike } = this.armed;
    this.armed = null;
    if (strike.deed === 'freeze') {
      this.frozen.add(index);
      process.kill(pid, 'SIGSTOP');
    } else {
      this.replicas.kill(index).catch((error: unknown) => this.faults.push(String(error)));
    }
    this.struck.push({ ...strike, index, pid, at: Date.now() });
  }
}

export function told({ deed, moment }: Strike): string {
  return `${deed} at ${moment}`;
}
