import { PreconditionFailed } from '../../kernel/domain-error';
import { type LicensePool } from '../domain/license-pool';

/** @throws PreconditionFailed when the caller saw another version than the one that was loaded; null: any will do */
export function mustBeAt({ id, state }: LicensePool, expected: number | null): void {
  if (expected === null || expected === state.revision) return;
  throw new PreconditionFailed(
    `The licence pool ${id} is at version ${state.revision}, not ${expected}: load it again, and repeat with the ETag ` +
      'that comes with it.',
    { version: state.revision },
  );
}
