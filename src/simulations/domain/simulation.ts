import { HOUR, plus } from '../../kernel/clocks';
import { type InputFault, InvalidInput } from '../../kernel/domain-error';
import { type SimulationResult } from './simulation-result';

/** What is to be simulated. Times are fleet time. */
export interface SimulationOrder {
  readonly from: Date;
  readonly to: Date;
  /** values of a policy, as they are written into one; null: the policies that hold now */
  readonly policy: Readonly<Record<string, unknown>> | null;
  /** these workers only; null: all */
  readonly workerIds: readonly string[] | null;
  /** workers with this tag only; null: whatever tags they have */
  readonly tag: readonly [key: string, value: string] | null;
}

/** A simulation that has come to its end. */
export interface Simulation extends SimulationOrder {
  /** that of the operation that made it */
  readonly id: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly finishedAt: Date;
  readonly result: SimulationResult;
}

/** As a list shows it. */
export type SimulationSummary = Omit<Simulation, 'result'> & Pick<SimulationResult, 'totals'>;

/** How signals went is kept for so long. */
const KEPT_DAYS = 90;

/** @throws InvalidInput for a time of which nothing is, or no longer is, recorded */
export function checkTime({ from, to }: Pick<SimulationOrder, 'from' | 'to'>, now: Date): void {
  const faults: InputFault[] = [];
  if (to > now)
    faults.push({ pointer: '/to', message: `must not be in the future: it is ${now.toISOString()}` });
  if (from >= to) faults.push({ pointer: '/from', message: 'must be before to' });
  const oldest = plus(now, -KEPT_DAYS * 24 * HOUR);
  if (from < oldest) {
    const message = `must be within the last ${KEPT_DAYS} days, which is as long as signals are kept: not before ${oldest.toISOString()}`;
    faults.push({ pointer: '/from', message });
  }
  if (faults.length > 0) throw new InvalidInput(faults);
}
