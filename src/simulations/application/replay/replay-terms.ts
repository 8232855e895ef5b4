import { type EffectivePolicy } from '../../../reaper';
import { type TickGrid } from './tick-grid';
import { type Span } from './worker-past';

/** `own`: stops are announced as the replayed policy would have; `recorded`: they were as it really happened. */
export type PlanMode = 'own' | 'recorded';

export interface ReplayTerms extends Span {
  readonly effective: Pick<EffectivePolicy, 'policy' | 'calendar'>;
  readonly grid: TickGrid;
  readonly plans: PlanMode;
}
