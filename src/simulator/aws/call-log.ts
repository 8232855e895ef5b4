/** A call as AWS received it. */
export interface AwsCall {
  readonly at: Date;
  readonly service: string;
  readonly region: string;
  readonly action: string;
  /** flat Query parameters, or the JSON input of CloudWatch */
  readonly params: Readonly<Record<string, unknown>>;
  /** `ok`, an error code, or `cut` where the caller got no whole answer */
  readonly outcome: string;
  /** by which of the simulator's doors it came; left out: the one that everybody knows */
  readonly door?: string | undefined;
}

export interface CallCount {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly outcome: string;
  readonly count: number;
}

/** What was called: all of it in numbers, the last calls in full. */
export class CallLog {
  /** in the order of arrival; the older half is dropped when they are too many, or too much */
  readonly recent: AwsCall[] = [];
  private readonly numbers = new Map<string, CallCount & { count: number }>();

  private parts = 0;

  /**
   * @param maxCalls that are kept in full
   * @param maxParts parameters of them together, each query of a GetMetricData for one: those are what takes memory
   */
  constructor(
    private readonly maxCalls = 10_000,
    private readonly maxParts = 200_000,
  ) {}

  add(call: AwsCall): void {
    this.recent.push(call);
    this.parts += partsOf(call);
    if (this.recent.length > this.maxCalls || this.parts > this.maxParts) {
      const dropped = this.recent.splice(0, Math.floor(this.recent.length / 2));
      for (const old of dropped) this.parts -= partsOf(old);
    }
    const { service, action, region, outcome } = call;
    const key = `${service}|${action}|${region}|${outcome}`;
    const known = this.numbers.get(key);
    if (known) known.count += 1;
    else this.numbers.set(key, { service, action, region, outcome, count: 1 });
  }

  /** How many calls of each kind there were since the start. */
  counts(): readonly CallCount[] {
    return [...this.numbers.values()].map((number) => ({ ...number }));
  }

  /** The same in one number, of an action as a whole or of one outcome. */
  count(action: string, outcome?: string): number {
    return this.counts()
      .filter((number) => number.action === action && (outcome ?? number.outcome) === number.outcome)
      .reduce((sum, { count }) => sum + count, 0);
  }
}

function partsOf({ params }: AwsCall): number {
  return Object.values(params).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : 1),
    0,
  );
}
