import { type StopBudget } from '../../../reaper';
import { type Span } from './worker-past';
import { type DueTime } from './worker-replay';

/** One worker of a simulation, as far as stops of many hang together. */
export interface DueWorker {
  readonly id: string;
  readonly region: string;
  /** whose budget its stops are taken from besides those of fleet and region; null: no such budget */
  readonly policy: { readonly id: string; readonly name: string; readonly budget: StopBudget } | null;
  readonly dues: readonly DueTime[];
  /** when it really ran */
  readonly ran: readonly Span[];
  /** when what is recorded of it is not exact */
  readonly unclear: readonly Span[];
}
