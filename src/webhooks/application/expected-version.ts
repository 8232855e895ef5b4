import { PreconditionFailed } from '../../kernel/domain-error';
import { type Webhook } from '../domain/webhook';

/** @throws PreconditionFailed when the caller saw another version than the one that was loaded; null: any will do */
export function mustBeAt({ id, version }: Webhook, expected: number | null): void {
  if (expected === null || expected === version) return;
  throw new PreconditionFailed(
    `The webhook ${id} is at version ${version}, not ${expected}: load it again, and repeat with the ETag that comes ` +
      'with it.',
    { version },
  );
}
