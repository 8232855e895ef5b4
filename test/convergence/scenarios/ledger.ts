import { MINUTE, plus } from '../../../src/kernel/clocks';
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
  readonly retypedOutside = new Set<string>();

  constructor(private readonly now: () => Date) {}

  accepted(ask: Ask, workerId: string): void {
    const state = WANTED[ask.kind];
    const before = this.wanted.get(workerId);
    // the same again is the same intent, and what changed it meanwhile stands
    if (state && before?.state !== state) this.wanted.set(workerId, { state, at: this.now() });
  }

  changedOutside(workerId: string, what: ConsoleAct): void {
    if (OF_STATE.includes(what)) this.outside.set(workerId, this.now());
  }

  /** What must be wanted of the worker at the end; null where others have a say in it. */
  wantedOf(workerId: string): DesiredState | null {
    const wanted = this.wanted.get(workerId);
    const outside = this.outside.get(workerId);
    if (!wanted || (outside && outside > plus(wanted.at, -UNSEEN))) return null;
    return wanted.state;
  }
}
