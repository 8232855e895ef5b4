/** What goes wrong with the next calls of an action. */
export type AwsFault = {
  /** `RunInstances`, also of STS and CloudWatch */
  readonly action: string;
  /** all regions where left out */
  readonly region?: string;
  /** true: the call takes effect all the same, and only its answer goes wrong */
  readonly applied: boolean;
  /** how many calls it hits; 1 where left out */
  readonly times?: number;
} & (
  | { readonly code: string; readonly httpStatus: number; readonly message?: string; readonly cut?: false }
  /** the connection ends without an answer */
  | { readonly cut: true }
);

/** Faults that wait for their call; of several that fit, the one added first strikes first. */
export class FaultQueue {
  private waiting: { readonly fault: AwsFault; left: number }[] = [];

  add(fault: AwsFault): void {
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** The fault that strikes this call, used up by one; null where the call goes well. */
  take(call: { readonly action: string; readonly region: string }): AwsFault | null {
    const entry = this.waiting.find(
      ({ fault }) => fault.action === call.action && (fault.region ?? call.region) === call.region,
    );
    if (!entry) return null;
    entry.left -= 1;
    this.waiting = this.waiting.filter(({ left }) => left > 0);
    return entry.fault;
  }
}
