import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { MINUTE, ManualClock, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { PreconditionFailed } from '../../kernel/domain-error';
import { SequentialIds } from '../../kernel/ids';
import { type Notice, Notifier } from '../../notifications';
import {
  GetActiveWorkers,
  GetWorker,
  PlanStop,
  SendAutomaticStop,
  StopWorker,
  WorkerNotFound,
  type WorkerState,
} from '../../workers';
import { ConfirmedStop } from '../application/confirmed-stop';
import { FixedPolicy } from '../application/fixed-policy';
import { ReapIdleWorkers, ReapIdleWorkersHandler } from '../application/reap-idle-workers.command';
import { ReaperActs } from '../application/reaper-acts';
import { VerdictMemory } from '../application/verdict-memory';
import { WorkerJudge } from '../application/worker-judge';
import { type LiveProbe } from '../domain/live-probe';
import { SignsOfUse } from '../domain/ports';
import { type ObservedUse } from '../domain/idle-input';
import { type ReaperRun } from '../domain/reaper-run';
import { MemoryReaperRuns } from '../persistence/reaper-runs.memory-store';
import { aSignal, minutesAgo, NOW, POLICY } from './idle-input.builder';

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
};

class GivenSigns extends SignsOfUse {
  readonly use = new Map<string, ObservedUse>();
  readonly probed: string[] = [];
  answer: (workerId: string) => LiveProbe = () => QUIET_PROBE;

  of(): Promise<ReadonlyMap<string, ObservedUse>> {
    return Promise.resolve(this.use);
  }

  probe(workerId: string): Promise<LiveProbe> {
    this.probed.push(workerId);
    return Promise.resolve().then(() => this.answer(workerId));
  }
}

class Pinboard extends Notifier {
  readonly notices: Notice[] = [];

  notify(notice: Notice): void {
    this.notices.push(notice);
  }
}

/** Workers as the workers module would keep them: they take commands, and record which. */
class GivenWorkers {
  readonly commands: (PlanStop | StopWorker)[] = [];
  /** stops that were sent */
  readonly sent: SendAutomaticStop[] = [];
  readonly streams = new Map<string, WorkerState>();
  /** what lists still show of workers that have changed since */
  readonly lagging = new Map<string, WorkerState>();
  /** commands for these workers fail */
  readonly failing = new Map<string, Error>();

  query(query: unknown): Promise<unknown> {
    if (query instanceof GetActiveWorkers) {
      return Promise.resolve([...this.streams.values()].map((state) => this.lagging.get(state.id) ?? state));
    }
    if (!(query instanceof GetWorker)) throw new Error('a query that nobody expects');
    const state = this.streams.get(query.workerId);
    return state ? Promise.resolve(state) : Promise.reject(new WorkerNotFound(query.workerId));
  }

  execute(command: unknown): Promise<unknown> {
    if (command instanceof SendAutomaticStop) return Promise.resolve(this.sent.push(command));
    if (!(command instanceof PlanStop) && !(command instanceof StopWorker)) {
      throw new Error('a command that nobody expects');
    }
    const failure = this.failing.get(command.workerId);
    if (failure) return Promise.reject(failure);
    const state = this.streams.get(command.workerId);
    const expected = command instanceof StopWorker ? command.options.expectedRevision : undefined;
    if (state && expected !== undefined && state.revision !== expected) {
      return Promise.reject(new PreconditionFailed('the worker has changed'));
    }
    this.commands.push(command);
    if (state) this.streams.set(state.id, after(state, command));
    return Promise.resolve();
  }
}

function after(state: WorkerState, command: PlanStop | StopWorker): WorkerState {
  if (command instanceof PlanStop) return { ...state, plannedStop: command.plannedStop };
  return { ...state, desired: { ...state.desired, state: 'STOPPED' } };
}

/** The reaper with its workers and signs in the hands of the test; time stands at NOW. */
export class ReaperBench {
  readonly clock = new ManualClock(NOW);
  readonly workers = new GivenWorkers();
  readonly signs = new GivenSigns();
  readonly notifier = new Pinboard();
  readonly runs = new MemoryReaperRuns();
  private readonly handler: ReapIdleWorkersHandler;

  constructor() {
    const { clock, workers, signs } = this;
    const ids = new SequentialIds();
    const queries = { execute: (query: unknown) => workers.query(query) } as QueryBus;
    const commands = { execute: (command: unknown) => workers.execute(command) } as CommandBus;
    const judge = new WorkerJudge(signs, ids, clock, new FixedPolicy(POLICY));
    const acts = new ReaperActs(commands, this.notifier, ids, clock);
    const stop = new ConfirmedStop(queries, judge, signs, acts, clock);
    const memory = new VerdictMemory({ cron: '* * * * *', observeSeconds: 60, autostart: false });
    this.handler = new ReapIdleWorkersHandler(queries, judge, acts, stop, memory, this.runs, ids, clock);
  }

  /** A worker and what was observed of it: idle for long, unless something else is given. */
  given(state: WorkerState, use: ObservedUse | null = IDLE_USE): void {
    this.workers.streams.set(state.id, state);
    if (use) this.signs.use.set(state.id, use);
  }

  /** One turn: under a lease that is held for an hour, or as `turn` says. */
  reap({ dryRun = false, turn = aTurn(this.clock) } = {}): Promise<ReaperRun> {
    return this.handler.execute(new ReapIdleWorkers(dryRun ? null : turn, systemContext('reaper', 'tick-1')));
  }

  /** Time passes, and each worker is read again with the same result half a minute before its end. */
  pass(minutes: number): void {
    this.clock.advance(minutes * MINUTE);
    const readAt = plus(this.clock.now(), -MINUTE / 2);
    for (const [id, use] of this.signs.use) {
      const signals = Object.fromEntries(
        Object.entries(use.signals).map(([name, state]) => [
          name,
          { ...state, to: readAt, observedAt: readAt },
        ]),
      );
      this.signs.use.set(id, { ...use, signals });
    }
  }

  get notices(): string[] {
    return this.notifier.notices.map(({ kind, sentence }) => `${kind} | ${sentence}`);
  }
}
