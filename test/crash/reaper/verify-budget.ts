import { MINUTE } from '../../../src/kernel/clocks';
import { type ToldEvent } from './worker-story';

export interface Budget {
  readonly stops: number;
  readonly windowMinutes: number;
}

interface Take {
  readonly decisionId: string;
  /** fleet milliseconds */
  readonly at: number;
  /** Infinity: it counted on */
  readonly returnedAt: number;
}

/** Whether no more stops than allowed counted in any window, however the replicas took them. */
export function verifyBudget(control: readonly ToldEvent[], { stops, windowMinutes }: Budget): string[] {
  const takes = takesIn(control);
  return takes.flatMap(({ decisionId, at }) => {
    const counted = takes.filter(
      (other) => other.at <= at && other.at > at - windowMinutes * MINUTE && other.returnedAt > at,
    );
    if (counted.length <= stops) return [];
    return [
      `decision ${decisionId} was taken as stop ${counted.length} of ${stops} in ${windowMinutes} minutes`,
    ];
  });
}

function takesIn(control: readonly ToldEvent[]): Take[] {
  return control
    .filter(({ type }) => type === 'reaper.stop-taken')
    .map(({ data }) => {
      const { decisionId, at } = data as { decisionId: string; at: Date };
      const returned = control.find(
        (event) => event.type === 'reaper.stop-returned' && event.data.decisionId === decisionId,
      );
      const returnedAt = (returned?.data.at as Date | undefined)?.getTime() ?? Infinity;
      return { decisionId, at: at.getTime(), returnedAt };
    });
}
