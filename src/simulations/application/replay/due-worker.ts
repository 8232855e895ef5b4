import { type BudgetedWorker } from '../../../reaper';
import { type Span } from './worker-past';
import { type DueTime } from './worker-replay';

/** One worker of a simulation, as far as stops of many hang together. */
export interface DueWorker extends BudgetedWorker {
  readonly dues: readonly DueTime[];
  /** when it really ran */
  readonly ran: readonly Span[];
  /** when what is recorded of it is not exact */
  readonly unclear: readonly Span[];
}
