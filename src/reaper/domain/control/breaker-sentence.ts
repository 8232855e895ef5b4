import { type OpenBreaker } from '../stop-budget';
import { moment } from '../words';

export function breakerSentence({ stops, running, openedAt }: OpenBreaker): string {
  return (
    `The breaker is open since ${moment(openedAt)}: ${stops} automatic stops of ${running} workers in one ` +
    'window. POST /api/v1/reaper/resume lets it go on.'
  );
}
