import { Logger } from '@nestjs/common';
import { streamOf, type Turn } from '../../../src/event-store';
import { type CommandContext } from '../../../src/kernel/command-context';
import { HOUR, ManualClock, MINUTE, plus } from '../../../src/kernel/clocks';
import { SequentialIds } from '../../../src/kernel/ids';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator';
import { type AwsCall } from '../../../src/simulator/aws/call-log';
import { nextAction } from '../../../src/workers/domain/next-action';
import { EVERYWHERE, type WorkerRecord } from '../../../src/workers/domain/ports';
import { type DriftPolicy, type WorkerState } from '../../../src/workers/domain/worker-state';
import { WORKER_DEFINITION } from '../../../src/workers/persistence/worker-definition';
import { Incarnation } from './incarnation';
import { Mortal } from './mortal';
import { connect, type Connection } from './outside';
import { logTo } from './log-to';
import { OneByOne } from './one-by-one';
import { type Ask } from './persons-commands';
import { Stores } from './stores';
import { Story } from './story';
import { earlier, type Prospects, RegionTimes } from './region-times';
import { Truth } from './truth';

const START = new Date('2026-11-23T08:00:00.000Z');
const LONGEST_REST = 4 * HOUR;

export interface BenchOptions {
  readonly regions?: readonly string[];
  readonly driftPolicy?: DriftPolicy;
  /** of the faults' dice */
  readonly seed?: number;
  /** machine milliseconds after which the SDK gives an answer up */
  readonly requestTimeoutMs?: number;
  /** fleet milliseconds past which no pause of the timetable goes */
  readonly longestRest?: number;
  /** fleet milliseconds that a call to AWS takes */
  readonly latency?: () => number;
}

/**
 * The fleet manager's core, one process after the other and sometimes two, over one database and one simulated AWS. Its
 * timetable is the real one; the clock jumps over what nothing happens in.
 */
export class Bench {
  readonly stores: Stores;
  readonly truth: Truth;
  /** ids of all workers that were ever asked for */
  readonly workerIds = new Set<string>();
  /** every call that AWS received */
  private readonly received: AwsCall[] = [];
  private readonly ids = new SequentialIds();
  private readonly lane = new OneByOne();
  private readonly observer: ReturnType<Stores['seenBy']>;
  private process: Incarnation;
  /** processes that stand still */
  private readonly sleepers: Incarnation[] = [];
  /** what goes on beside the timetable */
  private aside: Promise<void>[] = [];
  private started = 0;
  private fence = 0;
  private asked = 0;
  private readonly timetable: readonly RegionTimes[];

  private constructor(
    readonly simulator: Simulator,
    private readonly connection: Connection,
    readonly story: Story,
    readonly regions: readonly string[],
    private readonly options: BenchOptions,
    readonly clock: ManualClock,
  ) {
    this.stores = new Stores(clock);
    this.truth = new Truth(simulator.world, regions);
    this.observer = this.stores.seenBy(null, (error, during) => this.report(error, during));
    this.process = this.begin();
    this.timetable = regions.map((region) => new RegionTimes(region, START));
  }

  static async start(options: BenchOptions = {}): Promise<Bench> {
    const { regions = ['eu-west-1'], seed = 1, requestTimeoutMs = 20_000 } = options;
    const clock = new ManualClock(START);
    const story = new Story(clock);
    Logger.overrideLogger(logTo(story));
    const simulator = await startSimulator({
      ...{ clock, machine: clock, regions, seed },
      ids: new SequentialIds(),
      accountId: '123456789012',
      cml: { username: 'fleet', password: 'right-password' },
    });
    const connection = connect(simulator.awsEndpoint, clock, regions, requestTimeoutMs);
    return new Bench(simulator, connection, story, regions, options, clock);
  }

  async stop(): Promise<void> {
    this.process.mortal.die();
    this.connection.close();
    await this.simulator.stop();
  }

  get world() {
    return this.simulator.world;
  }

  get now(): Date {
    return this.clock.now();
  }

  get current(): Incarnation {
    return this.process;
  }

  /** A new process takes over; what the one before does is up to it. */
  takeOver(): Incarnation {
    this.process = this.begin();
    return this.process;
  }

  /** What the streams say of a worker, released or not; null where there is none. */
  async worker(id: string): Promise<WorkerState | null> {
    const loaded = await this.observer.aggregates.open(WORKER_DEFINITION).load(id);
    return loaded?.aggregate.state ?? null;
  }

  async workers(): Promise<WorkerState[]> {
    const found = await Promise.all([...this.workerIds].map((id) => this.worker(id)));
    return found.filter((state) => state !== null);
  }

  /** The same by the read model, which is quicker to look at. */
  async records(): Promise<Map<string, WorkerRecord>> {
    const { readModel } = this.stores;
    const all = [...(await readModel.active(EVERYWHERE)), ...(await readModel.byStatus(['TERMINATED']))];
    return new Map(all.map((record) => [record.id, record]));
  }

  /** Every call that AWS received, in the order of arrival. */
  get calls(): readonly AwsCall[] {
    this.received.push(...this.world.log.recent.splice(0));
    return this.received;
  }

  /** The whole story, with the calls and what was stored. */
  async told(): Promise<string> {
    const stored = await this.stores.told([...this.workerIds]);
    return this.story.text(this.calls, stored);
  }

  newContext(): CommandContext {
    this.asked += 1;
    const commandId = `command-${this.asked}`;
    return { actor: 'user:ann', reason: null, correlationId: commandId, causationId: null, commandId };
  }

  /** A person asks the process that serves; answers what it said, or null where no answer came. */
  async ask(ask: Ask, context = this.newContext()): Promise<WorkerState | null> {
    const { process } = this;
    const id = 'workerId' in ask ? ask.workerId : null;
    this.story.tell(`a person: ${ask.kind} ${id ?? ''}`);
    this.stir();
    let answer: WorkerState | null = null;
    await this.untilGone(process, async () => {
      answer = await process.commands(ask, context);
    });
    const made = answer as WorkerState | null;
    if (made) this.workerIds.add(made.id);
    return made;
  }

  /** The timetable goes on for so long (fleet time). */
  async live(ms: number): Promise<void> {
    const until = plus(this.now, ms);
    while (this.next <= until) await this.turn();
    this.moveTo(until);
  }

  /** … until this holds. @returns the fleet minutes that it took; null where it did not come to that in time */
  async liveUntil(holds: () => Promise<boolean>, withinMs: number): Promise<number | null> {
    const begun = this.now;
    const until = plus(begun, withinMs);
    while (!(await holds())) {
      if (this.next > until) return null;
      await this.turn();
    }
    return (this.now.getTime() - begun.getTime()) / MINUTE;
  }

  /** Something happened outside: there may be something to do. */
  stir(): void {
    for (const times of this.timetable) times.stir(this.now);
  }

  /** What stood still goes on, beside what serves by now. */
  resume(): void {
    for (const process of this.sleepers.splice(0)) {
      process.mortal.goOn();
      this.aside.push(Promise.race([process.atRest(), process.mortal.gone]));
    }
    this.stir();
  }

  /** What the saga starts when an intent has changed: beside the timetable, whose next turn is over when this is. */
  reconcileAtOnce(workerId: string): void {
    const { process } = this;
    this.aside.push(this.guarded(process, 'reconcile at once', () => process.reconcileAtOnce(workerId)));
  }

  /** Lets a process work at something, and waits until that is done or the process is gone. */
  private async untilGone(process: Incarnation, work: () => Promise<void>): Promise<void> {
    await Promise.race([process.working(work()), process.mortal.gone]);
    if (process.mortal.state === 'still' && !this.sleepers.includes(process)) this.sleepers.push(process);
  }

  private get next(): Date {
    return this.timetable.map(({ next }) => next).reduce(earlier);
  }

  /** What is due next, by the process that serves; one that is gone is replaced. */
  private async turn(): Promise<void> {
    this.moveTo(this.next);
    const { now } = this;
    if (!this.process.mortal.isAlive) this.takeOver();
    const { process } = this;
    await this.guarded(process, 'follow the log', () => process.followLog());
    for (const times of this.timetable.filter(({ next }) => next <= now)) {
      const { region, isSweepDue, isReconcileDue } = times.dueAt(now);
      const turn = this.turnOf(process);
      if (isSweepDue) await this.guarded(process, `sweep ${region}`, () => process.sweep(region, turn.lease));
      if (isReconcileDue) {
        await this.guarded(process, `reconcile ${region}`, () => process.reconcileRegion(region, turn));
      }
      times.passed(now, await this.prospects(region), this.options.longestRest ?? LONGEST_REST);
    }
    await Promise.all(this.aside.splice(0));
  }

  /** What may happen in a region, and whether anything did. */
  private async prospects(region: string): Promise<Prospects> {
    const circumstances = { now: this.now, machineNow: this.now, forceOverdueStop: true };
    let due = plus(this.now, LONGEST_REST);
    let sign = this.story.changes(this.world, region);
    for (const worker of await this.stores.readModel.active({ in: region })) {
      sign += this.stores.commits.countOf(streamOf('worker', worker.id));
      const action = nextAction(worker, circumstances);
      if (action !== 'none' && action !== 'wait') due = this.now;
      const { nextTryAt = null } = worker.statusReason ?? {};
      if (nextTryAt && nextTryAt > this.now) due = earlier(due, nextTryAt);
    }
    const moves = this.truth.moves(region) || !this.process.mortal.isAlive;
    return { due: moves ? this.now : due, sign };
  }

  private async guarded(process: Incarnation, what: string, work: () => Promise<void>): Promise<void> {
    if (!process.mortal.isAlive) return;
    await this.untilGone(process, () => work().catch((error: unknown) => this.report(error, what)));
  }

  private turnOf(process: Incarnation): Turn {
    this.fence += 1;
    return {
      lease: { job: 'turn', owner: process.mortal.name, fence: this.fence, claimedAt: this.now },
      signal: new AbortController().signal,
      heldUntil: plus(this.now, MINUTE),
      stillHeld: () => process === this.process,
    };
  }

  private begin(): Incarnation {
    this.started += 1;
    const mortal = new Mortal(`process ${this.started}`, (what) => this.story.tell(what));
    const { compute, source } = this.connection.open();
    const { latency = () => 0 } = this.options;
    const passTime = (): void => this.clock.advance(latency());
    return new Incarnation(mortal, {
      stores: this.stores,
      outside: {
        compute: this.lane.of(compute, passTime, ['prepareLaunch']),
        source: this.lane.of(source, passTime),
      },
      clock: this.clock,
      ids: this.ids,
      regions: this.regions,
      driftPolicy: this.options.driftPolicy ?? 'follow',
      report: (error, during) => this.report(error, during),
    });
  }

  private report(error: unknown, during: string): void {
    this.story.harm(`failed to ${during}: ${String(error)}`);
  }

  private moveTo(time: Date): void {
    if (time > this.now) this.clock.set(time);
  }
}
