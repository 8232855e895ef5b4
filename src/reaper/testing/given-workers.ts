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
import { type StopOutcome, StopTrail } from '../domain/stop-trail';

type Changing = PlanStop | StopWorker | FenceWorker | LiftFence | StartWorker;
const CHANGING = [PlanStop, StopWorker, FenceWorker, LiftFence, StartWorker];

/** Workers as the workers module would keep them: they take commands, and record which. */
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
    return this.change(command as Changing);
  }

  of(_workerId: string, decisionId: string): Promise<StopOutcome> {
    const asked = this.commands.find(
      (one) => one instanceof StopWorker && one.options.decisionId === decisionId,
    );
    const sent = this.sent.some((one) => one.decisionId === decisionId);
    const reason = asked?.context.reason ?? null;
    return Promise.resolve({ outcome: sent ? 'sent' : asked ? 'open' : 'never', reason });
  }

  private change(command: Changing): Promise<unknown> {
    this.onCommand(command);
    const failure = this.failing.get(command.workerId);
    if (failure && !(command instanceof LiftFence)) return Promise.reject(failure);
    const state = this.streams.get(command.workerId);
    const expected = revisionOf(command);
    if (state && expected !== null && state.revision !== expected) {
      return Promise.reject(new PreconditionFailed('the worker has changed'));
    }
    this.commands.push(command);
    if (state) this.streams.set(state.id, after(state, command));
    return Promise.resolve();
  }
}

function revisionOf(command: Changing): number | null {
  if (command instanceof StopWorker) return command.options.expectedRevision ?? null;
  return command instanceof FenceWorker ? command.expectedRevision : null;
}

function after(state: WorkerState, command: Changing): WorkerState {
  if (command instanceof PlanStop) return { ...state, plannedStop: command.plannedStop };
  if (command instanceof FenceWorker) {
    const { actor: by } = command.context;
    return { ...state, fence: { ...command.terms, by, at: state.updatedAt } };
  }
  if (command instanceof LiftFence) return { ...state, fence: null };
  const wanted = command instanceof StartWorker ? 'RUNNING' : 'STOPPED';
  return { ...state, desired: { ...state.desired, state: wanted } };
}
