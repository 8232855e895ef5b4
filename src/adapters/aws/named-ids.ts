import { type ComputeError } from '../../workers';

/** Those of the ids that AWS's own text names. Ours is cut to a readable length. */
export function idsNamedBy(error: unknown, asked: readonly string[]): string[] {
  const { cause } = Object(error) as Partial<ComputeError>;
  const { message: text = '' } = Object(cause) as { readonly message?: string };
  const named = new Set(text.split(/[\s'",[\]/().]+/));
  return asked.filter((id) => named.has(id));
}
