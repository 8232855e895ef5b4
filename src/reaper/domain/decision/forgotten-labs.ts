import { type IdleDecision } from './decision';
import { duration, moment } from '../trace/words';

/** Labs run, and since that time nobody has done anything with them. */
export function forgottenLabs({ at }: Pick<IdleDecision, 'at'>, since: Date): string {
  const unused = duration(at.getTime() - since.getTime());
  return `Labs run, and nobody has done anything since ${moment(since)} (${unused}). It is kept running.`;
}
