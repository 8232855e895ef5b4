/** When a repetition makes sense, beside errors of the SDK, which are thrown on as they are. */
const times = new WeakMap<object, Date>();

export function noteRetryAt(error: unknown, at: Date | null): void {
  if (at && typeof error === 'object' && error !== null) times.set(error, at);
}

export function retryAtOf(error: unknown): Date | null {
  return (typeof error === 'object' && error !== null && times.get(error)) || null;
}
