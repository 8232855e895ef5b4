import { type MachineClock, MINUTE } from '../../kernel/clocks';

/** Machine milliseconds: who was told so lately where to connect asks once more, and does not begin to use the worker. */
const SERIES_MS = 10 * MINUTE;
/** Each is some hundred bytes. The one that asked the longest ago is forgotten first, and counts anew. */
const REMEMBERED = 50_000;

/**
 * Who was told lately where to connect to which worker: polling is no use. Each process knows of its own callers only, so
 * that an answer costs no write; one that polls several replicas begins a series at each of them.
 */
export class ConnectionCallers {
  /** in the order in which they asked last */
  private readonly toldAt = new Map<string, number>();

  constructor(
    private readonly clock: MachineClock,
    private readonly remembered = REMEMBERED,
  ) {}

  /** Whether the caller goes on with a series of ready answers. */
  isPolling(workerId: string, caller: string): boolean {
    const last = this.toldAt.get(keyOf(workerId, caller));
    return last !== undefined && this.clock.now().getTime() - last < SERIES_MS;
  }

  /** The caller got a ready answer. */
  told(workerId: string, caller: string): void {
    const key = keyOf(workerId, caller);
    this.toldAt.delete(key);
    this.toldAt.set(key, this.clock.now().getTime());
    if (this.toldAt.size <= this.remembered) return;
    const [oldest] = this.toldAt.keys();
    if (oldest !== undefined) this.toldAt.delete(oldest);
  }
}

function keyOf(workerId: string, caller: string): string {
  return `${workerId}|${caller}`;
}
