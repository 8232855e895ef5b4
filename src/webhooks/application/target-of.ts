import { InvalidInput } from '../../kernel/domain-error';
import { type TargetPolicy } from '../domain/ports';

/** The URL in its normal form, and what may be shown of it. @throws InvalidInput, which does not hold it */
export function targetOf(url: string, policy: TargetPolicy): { url: string; origin: string } {
  const message = policy.faultOf(url);
  if (message !== null) throw new InvalidInput([{ pointer: '/url', message }]);
  const { href, origin } = new URL(url);
  return { url: href, origin };
}
