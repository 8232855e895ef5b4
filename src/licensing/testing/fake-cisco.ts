/** Cisco's Smart Licensing, as far as CML servers come to it: what it was told, and what it counts. */
export class FakeCisco {
  /** each registration that reached it, in order */
  readonly registrations: { readonly workerId: string; readonly token: string }[] = [];
  /** product instances that it counts a licence for, with the token that they were registered by */
  readonly inUse = new Map<string, string>();
  isReachable = true;
  /** tokens that it does not know, or that are used up */
  readonly refused = new Set<string>();

  /** @returns why not; null: done */
  register(workerId: string, token: string): string | null {
    if (!this.isReachable) return 'Communication send error';
    if (this.refused.has(token)) return 'The token is not valid';
    this.registrations.push({ workerId, token });
    this.inUse.set(workerId, token);
    return null;
  }

  /** @returns whether it heard of it */
  deregister(workerId: string): boolean {
    if (this.isReachable) this.inUse.delete(workerId);
    return this.isReachable;
  }
}
