import { MINUTE, plus } from '../../../src/kernel/clocks';
import { type WorkerState } from '../../../src/workers/domain/worker-state';
import { type DesiredState } from '../../../src/workers/domain/worker-status';
import { type Ask } from '../bench/persons-commands';
import { type ConsoleAct } from './plan';

/** Nobody has seen what happened in AWS so shortly before a person's word: the two contradict each other. */
const UNSEEN = 20 * MINUTE;

const WANTED: Partial<Record<Ask['kind'], DesiredState>> = {
  create: 'RUNNING',
  start: 'RUNNING',
  stop: 'STOPPED',
  terminate: 'TERMINATED',
};
const OF_STATE: readonly ConsoleAct[] = ['stop', 'start', 'terminate'];

/** What people were told that it is done, and what others did in AWS. */
export class Ledger {
  private readonly wanted = new Map<string, { readonly state: DesiredState; readonly at: Date }>();
  private readonly outside = new Map<string, Date>();
  /** what must be followed: done in AWS to a worker that was as wanted, and of which nobody had asked anything lately */
  private readonly followed = new Map<string, DesiredState>();

  constructor(private readonly now: () => Date) {}

  accepted(ask: Ask, workerId: string): void {
    const state = WANTED[ask.kind];
    const before = this.wanted.get(workerId);
    this.followed.delete(workerId);
    // the same again is the same intent, and what changed it meanwhile stands
    if (state && before?.state !== state) this.wanted.set(workerId, { state, at: this.now() });
  }

  /** @param worker as our books had it at that time */
  changedOutside({ id, status, desired, convergedAt }: WorkerState, what: ConsoleAct): void {
    if (!OF_STATE.includes(what)) return;
    const lately = this.outside.get(id) ?? this.wanted.get(id)?.at;
    const settled = convergedAt !== null && status === desired.state;
    const atRest = settled && lately !== undefined && this.now() > plus(lately, UNSEEN);
    this.outside.set(id, this.now());
    this.followed.delete(id);
    if (atRest && what === 'start') this.followed.set(id, 'RUNNING');
    if (atRest && what === 'stop') this.followed.set(id, 'STOPPED');
  }

  /** What must be wanted at the end by a policy that follows; null where that is not clear. */
  followedOf(workerId: string): DesiredState | null {
    return this.followed.get(workerId) ?? null;
  }

  /** What must be wanted of the worker at the end; null where others have a say in it. */
  wantedOf(workerId: string): DesiredState | null {
    const wanted = this.wanted.get(workerId);
    const outside = this.outside.get(workerId);
    if (!wanted || (outside && outside > plus(wanted.at, -UNSEEN))) return null;
    return wanted.state;
  }
}
