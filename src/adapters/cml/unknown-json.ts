/**
 * Values out of JSON that nobody vouches for: CML's fields come and go between versions, so each is taken if it is
 * what it should be, and null if not.
 */
export function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : {};
}

export function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function flagIn(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
