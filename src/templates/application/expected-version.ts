import { PreconditionFailed } from '../../kernel/domain-error';
import { type WorkerTemplate } from '../domain/worker-template';

/** @throws PreconditionFailed when the caller saw another version than the one that was loaded; null: any will do */
export function mustBeAt({ id, version }: WorkerTemplate, expected: number | null): void {
  if (expected === null || expected === version) return;
  throw new PreconditionFailed(
    `The worker template ${id} is at version ${version}, not ${expected}: load it again, and repeat with the ETag ` +
      'that comes with it.',
    { version },
  );
}
