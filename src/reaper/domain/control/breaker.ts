import { type OpenBreaker } from '../policy/stop-budget';
import { moment } from '../trace/words';

export function breakerSentence({ stops, running, openedAt }: OpenBreaker): string {
  return (
    `The breaker is open since ${moment(openedAt)}: ${stops} automatic stops of ${running} workers in one ` +
    'window. POST /api/v1/reaper/resume lets it go on.'
  );
}

/** Below this nobody need be asked, whatever share of a small fleet it is. */
const LEAST_STOPS = 10;

/** Whether so many stops within its window, the one that is about to be taken among them, are for a person to look at. */
export function opensBreaker(stops: number, running: number): boolean {
  return stops > LEAST_STOPS && stops > running / 2;
}
