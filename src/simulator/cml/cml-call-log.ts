/** A request as a CML server received it. */
export interface CmlCallEntry {
  /** fleet time */
  readonly at: Date;
  readonly instanceId: string;
  readonly method: string;
  /** below /api/v0, without the query */
  readonly path: string;
  /** the status that was answered, or how the caller got no whole answer */
  readonly outcome: number | 'hang' | 'cut';
  /** by which of the simulator's doors it came; left out: the one that everybody knows */
  readonly door?: string | undefined;
}

/** The last requests to all CML servers, oldest first. */
export class CmlCallLog {
  readonly recent: CmlCallEntry[] = [];

  private waiting: ((call: CmlCallEntry) => void)[] = [];

  constructor(private readonly maxCalls = 10_000) {}

  add(call: CmlCallEntry): void {
    this.recent.push(call);
    if (this.recent.length > this.maxCalls) this.recent.splice(0, Math.floor(this.recent.length / 2));
    const told = this.waiting;
    this.waiting = [];
    for (const tell of told) tell(call);
  }

  /** The next request that a server is done with, be it that it hangs from then on. */
  next(): Promise<CmlCallEntry> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** How many of the last requests were `POST /licensing/registration`, say; of one server or of all. */
  count(method: string, path: string, instanceId?: string): number {
    return this.recent.filter(
      (call) =>
        call.method === method && call.path === path && (instanceId ?? call.instanceId) === call.instanceId,
    ).length;
  }
}
