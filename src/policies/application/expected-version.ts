import { PreconditionFailed } from '../../kernel/domain-error';

/** @throws PreconditionFailed when the caller saw another version than the present one; null: any will do */
export function mustBeAt(
  present: { readonly id: string; readonly version: number },
  expected: number | null,
): void {
  const { id, version } = present;
  if (expected === null || expected === version) return;
  throw new PreconditionFailed(
    `The idle policy ${id} is at version ${version}, not ${expected}: load it again, and repeat with the ETag that ` +
      'comes with it.',
    { version },
  );
}
