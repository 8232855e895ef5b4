import { type ParkedStream, ParkedStreams, type SubscriptionClaim } from '../subscription-ports';

/** Parked streams in this process' memory. */
export class MemoryParkedStreams extends ParkedStreams {
  private readonly rows = new Map<string, ParkedStream>();

  put(parked: ParkedStream): Promise<void> {
    const id = idOf(parked);
    const present = this.rows.get(id);
    if (!present) this.rows.set(id, parked);
    else if (parked.fromVersion < present.fromVersion)
      this.rows.set(id, { ...present, fromVersion: parked.fromVersion });
    return Promise.resolve();
  }

  adopt({ name, fence }: SubscriptionClaim): Promise<ParkedStream[]> {
    for (const [id, row] of this.rows) {
      if (row.subscription === name && row.fence < fence) this.rows.set(id, { ...row, fence });
    }
    return this.of(name);
  }

  of(subscription: string): Promise<ParkedStream[]> {
    const rows = [...this.rows.values()].filter((row) => row.subscription === subscription);
    return Promise.resolve(rows.sort((a, b) => (a.stream < b.stream ? -1 : 1)));
  }

  replace(before: ParkedStream, after: ParkedStream): Promise<boolean> {
    const same = this.isAsRead(before);
    if (same) this.rows.set(idOf(before), after);
    return Promise.resolve(same);
  }

  remove(parked: ParkedStream): Promise<boolean> {
    const same = this.isAsRead(parked);
    if (same) this.rows.delete(idOf(parked));
    return Promise.resolve(same);
  }

  retry(subscription: string, stream: string, now: Date): Promise<boolean> {
    const id = idOf({ subscription, stream });
    const present = this.rows.get(id);
    if (present) this.rows.set(id, { ...present, attempts: 0, nextTryAt: now });
    return Promise.resolve(present !== undefined);
  }

  removeAll(subscription: string): Promise<void> {
    for (const [id, row] of this.rows) if (row.subscription === subscription) this.rows.delete(id);
    return Promise.resolve();
  }

  private isAsRead(row: ParkedStream): boolean {
    const present = this.rows.get(idOf(row));
    return (
      present?.fromVersion === row.fromVersion &&
      present.attempts === row.attempts &&
      present.fence === row.fence
    );
  }
}

function idOf({ subscription, stream }: Pick<ParkedStream, 'subscription' | 'stream'>): string {
  return `${subscription}|${stream}`;
}
