import { type Turn } from '../../event-store';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { MINUTE, ManualClock, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { SequentialIds } from '../../kernel/ids';
import { type KeptTopologies, TopologyKeeper } from '../../labs';
import { MetricsRegistry } from '../../metrics';
import { MemoryStopNotices } from '../../notifications/testing/memory-stop-notices';
import { type WorkerState } from '../../workers';
import { FixedPolicy } from '../application/fixed-policy';
import { ReapIdleWorkers, type ReapIdleWorkersHandler } from '../application/reap-idle-workers.command';
import { type ObservedUse } from '../domain/signals/idle-input';
import { type LiveProbe } from '../domain/live-probe';
import { type PolicySource, SignsOfUse } from '../domain/ports';
import { type ReaperRun } from '../domain/reaper-run';
import { MemoryReaperRuns } from '../persistence/reaper-runs.memory-store';
import { MemoryVerdictBook } from '../persistence/verdict-book.memory-store';
import { controlBench } from './control-bench';
import { GivenWorkers } from './given-workers';
import { aSignal, minutesAgo, NOW, POLICY } from './idle-input.builder';
import { reaperOver } from './reaper-over';

/** All signals idle for 75 minutes at NOW. */
export const IDLE_USE: ObservedUse = {
  signals: {
    ec2: aSignal('ec2'),
    labs: aSignal('labs'),
    cpu: aSignal('cpu'),
    activity: aSignal('activity'),
    sessions: aSignal('sessions'),
  },
  everSeenActivity: true,
  newestActivityAt: minutesAgo(80),
  lastLabs: { running: 0, at: minutesAgo(0.5) },
};

export const QUIET_PROBE: LiveProbe = {
  at: NOW,
  runningLabs: 0,
  runningNodes: 0,
  newestActivityAt: minutesAgo(80),
  cpuPercent: 3,
  failure: null,
};

export class GivenSigns extends SignsOfUse {
  readonly use = new Map<string, ObservedUse>();
  readonly probed: string[] = [];
  /** how often signs were asked for, of however many workers at once */
  asked = 0;
  answer: (workerId: string) => LiveProbe = () => QUIET_PROBE;

  of(): Promise<ReadonlyMap<string, ObservedUse>> {
    this.asked += 1;
    return Promise.resolve(this.use);
  }

  probe(workerId: string): Promise<LiveProbe> {
    this.probed.push(workerId);
    return Promise.resolve().then(() => this.answer(workerId));
  }

  /** Each worker is read again with the same result. */
  readAgain(readAt: Date): void {
    for (const [id, use] of this.use) {
      const read = { to: readAt, observedAt: readAt };
      const signals = Object.fromEntries(
        Object.entries(use.signals).map(([name, state]) => [name, { ...state, ...read }]),
      );
      const lastLabs = use.lastLabs && { ...use.lastLabs, at: readAt };
      this.use.set(id, { ...use, signals, lastLabs });
    }
  }
}

/** Keeps nothing, and remembers of which workers it should have. */
export class NotedTopologies extends TopologyKeeper {
  readonly kept: string[] = [];

  keepAll({ id }: WorkerState): Promise<KeptTopologies> {
    this.kept.push(id);
    return Promise.resolve({ kept: 0, failed: [], later: [] });
  }
}

/** The reaper with its workers and signs in the hands of the test; time stands at NOW. */
export class ReaperBench {
  readonly clock = new ManualClock(NOW);
  readonly workers = new GivenWorkers(() => this.clock.now());
  readonly signs = new GivenSigns();
  readonly told = new MemoryStopNotices(this.clock);
  readonly runs = new MemoryReaperRuns();
  readonly book = new MemoryVerdictBook();
  readonly topologies = new NotedTopologies();
  readonly control = controlBench(NOW);
  readonly controls = this.control.open();
  readonly ids = new SequentialIds();
  private readonly handler: ReturnType<ReaperBench['aProcess']>;

  constructor(private readonly policies: PolicySource = new FixedPolicy(POLICY)) {
    this.handler = this.aProcess();
  }

  private aProcess() {
    const { clock, workers, signs, told: notices, runs, book, topologies, policies, ids } = this;
    const [controls, registry] = [this.control.open(), new MetricsRegistry()];
    const handler = reaperOver({
      ...{ signs, notices, runs, book, topologies, controls, policies, registry, ids },
      ...{ queries: { execute: (query: unknown) => workers.query(query) as never }, trail: workers },
      ...{ commands: { execute: (command: unknown) => workers.execute(command) as never } },
      ...{ clock, machine: clock },
    });
    return { handler, registry };
  }

  /** Metrics of this process. */
  get registry(): MetricsRegistry {
    return this.handler.registry;
  }

  /** Another process over the same stores, which knows nothing else. */
  another(): { reap: () => Promise<ReaperRun> } {
    const { handler } = this.aProcess();
    return { reap: () => reapBy(handler, aTurn(this.clock)) };
  }

  /** A worker and what was observed of it: idle for long, unless something else is given. */
  given(state: WorkerState, use: ObservedUse | null = IDLE_USE): void {
    this.workers.streams.set(state.id, state);
    if (use) this.signs.use.set(state.id, use);
  }

  /** One whose stop was announced for NOW, and people were told in time. */
  async givenDue(state: WorkerState): Promise<void> {
    const { id: workerId, name: workerName } = state;
    const plannedStop = { at: NOW, reason: 'idle', decisionId: 'earlier', cause: 'idle' } as const;
    this.given({ ...state, plannedStop });
    const now = this.clock.now();
    this.clock.set(minutesAgo(15));
    const notice = { deadline: NOW, stageMinutes: 15, cause: 'idle', sentence: 'idle', emails: [] } as const;
    await this.told.tell({ workerId, workerName, decisionId: 'earlier', ...notice });
    this.clock.set(now);
  }

  /** One turn: under a lease that is held for an hour, or as `turn` says. */
  reap({ dryRun = false, turn = aTurn(this.clock) } = {}): Promise<ReaperRun> {
    return reapBy(this.handler.handler, dryRun ? null : turn);
  }

  /** Time passes, and each worker is read again with the same result half a minute before its end. */
  pass(minutes: number): void {
    this.clock.advance(minutes * MINUTE);
    this.signs.readAgain(plus(this.clock.now(), -MINUTE / 2));
  }

  /** What people were told, in order by kinds: announced stages, what was called off, alarms. */
  get notices(): string[] {
    return [
      ...this.told.told.map(({ stageMinutes, sentence }) => `${stageMinutes} min | ${sentence}`),
      ...this.told.calledOff.map(({ why }) => `called off | ${why}`),
      ...this.told.alarms.map(({ kind, sentence }) => `${kind} | ${sentence}`),
    ];
  }
}

function reapBy(handler: ReapIdleWorkersHandler, turn: Turn | null): Promise<ReaperRun> {
  return handler.execute(new ReapIdleWorkers(turn, systemContext('reaper', 'tick-1')));
}
