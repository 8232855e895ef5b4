import { PreconditionFailed } from '../../kernel/domain-error';
import {
  FenceWorker,
  GetActiveWorkers,
  GetWorker,
  LiftFence,
  PlanStop,
  SendAutomaticStop,
  StartWorker,
  StopWorker,
  WorkerNotFound,
  type WorkerState,
} from '../../workers';
import { lowerFence } from '../../workers/domain/fence';
import { raiseFence, setPlannedStop } from '../../workers/domain/stop-guards';
import { wishToStart, wishToStop } from '../../workers/domain/wishes';
import { type WorkerEvent } from '../../workers/domain/worker-events';
import { evolve } from '../../workers/domain/worker-evolve';
import { type StopOutcome, StopTrail } from '../domain/stop-trail';

type Changing = PlanStop | StopWorker | FenceWorker | LiftFence | StartWorker;
const CHANGING = [PlanStop, StopWorker, FenceWorker, LiftFence, StartWorker];

/**
 * Workers as the workers module would keep them: they take commands by its rules, a command with the same id once, and
 * record which.
 */
export class GivenWorkers extends StopTrail {
  readonly commands: Changing[] = [];
  /** stops that were sent */
  readonly sent: SendAutomaticStop[] = [];
  readonly streams = new Map<string, WorkerState>();
  /** what lists still show of workers that have changed since */
  readonly lagging = new Map<string, WorkerState>();
  /** commands for these workers fail, but for those that lift a fence */
  readonly failing = new Map<string, Error>();
  /** called with each command, before it is done */
  onCommand: (command: Changing | SendAutomaticStop) => void = () => {};
  private readonly done = new Set<string>();

  /** Fleet and machine time are the same. */
  constructor(private readonly now: () => Date) {
    super();
  }

  /** Without those of the fence. */
  get acts(): Changing[] {
    return this.commands.filter((one) => !(one instanceof FenceWorker) && !(one instanceof LiftFence));
  }

  query(query: unknown): Promise<unknown> {
    if (query instanceof GetActiveWorkers) {
      return Promise.resolve([...this.streams.values()].map((state) => this.lagging.get(state.id) ?? state));
    }
    if (!(query instanceof GetWorker)) throw new Error('a query that nobody expects');
    const state = this.streams.get(query.workerId);
    return state ? Promise.resolve(state) : Promise.reject(new WorkerNotFound(query.workerId));
  }

  execute(command: unknown): Promise<unknown> {
    if (command instanceof SendAutomaticStop) {
      this.onCommand(command);
      return Promise.resolve(this.sent.push(command));
    }
    if (!CHANGING.some((one) => command instanceof one)) throw new Error('a command that nobody expects');
    return new Promise((done) => done(this.change(command as Changing)));
  }

  of(_workerId: string, decisionId: string): Promise<StopOutcome> {
    const asked = this.commands.find(
      (one) => one instanceof StopWorker && one.options.decisionId === decisionId,
    );
    const sent = this.sent.some((one) => one.decisionId === decisionId);
    const reason = asked?.context.reason ?? null;
    return Promise.resolve({ outcome: sent ? 'sent' : asked ? 'open' : 'never', reason });
  }

  private change(command: Changing): void {
    this.onCommand(command);
    const failure = this.failing.get(command.workerId);
    if (failure && !(command instanceof LiftFence)) throw failure;
    const state = this.streams.get(command.workerId);
    const expected = revisionOf(command);
    if (state && expected !== null && state.revision !== expected) {
      throw new PreconditionFailed('the worker has changed');
    }
    const key = `${command.workerId} ${command.context.commandId}`;
    if (this.done.has(key)) return;
    const events = state ? eventsOf(state, command, this.now()) : [];
    if (state) this.streams.set(state.id, events.reduce(evolve, state));
    this.done.add(key);
    this.commands.push(command);
  }
}

function revisionOf(command: Changing): number | null {
  if (command instanceof StopWorker) return command.options.expectedRevision ?? null;
  return command instanceof FenceWorker || command instanceof PlanStop ? command.expectedRevision : null;
}

/** By the rules of the workers module, which may refuse it. */
function eventsOf(state: WorkerState, command: Changing, now: Date): WorkerEvent[] {
  const { actor: by, reason } = command.context;
  const wish = { by, reason, at: now };
  if (command instanceof PlanStop) return setPlannedStop(state, command.plannedStop, now);
  if (command instanceof LiftFence) return lowerFence(state, now, command.decisionId);
  if (command instanceof StartWorker) return wishToStart(state, wish);
  if (command instanceof StopWorker) return wishToStop(state, { ...command.options, ...wish });
  const { expectedUse, ...fence } = command.terms;
  return raiseFence(state, { ...fence, by, at: now }, { machineNow: now, expectedUse });
}
