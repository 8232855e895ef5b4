import { setTimeout as pause } from 'node:timers/promises';
import { ADMIN_KEY } from '../../support/fleet-process';
import { connect, type SseConnection, SseRefused } from '../../support/sse-client';
import { type LoggedEvent } from '../logged-events';
import { type Random } from '../random';
import { type Replicas } from '../replicas';

/** A client of the event stream: whenever it is cut off, it goes on at any process, from where it was. */
export class SseFollower {
  readonly seen: Pick<LoggedEvent, 'place' | 'id'>[] = [];
  readonly faults: string[] = [];
  /** how often an event stream was open */
  connections = 0;
  private lastEventId = '0';
  private connection: SseConnection | null = null;
  private following: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    readonly name: string,
    /** which events; empty: all */
    readonly types: readonly string[],
    private readonly replicas: Replicas,
    private readonly random: Random,
  ) {}

  start(): void {
    this.following = this.follow().catch((error: unknown) => {
      this.faults.push(`${this.name} gave up: ${String(error)}`);
    });
  }

  /** Cuts the stream off from this side. */
  cut(): void {
    this.connection?.close();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cut();
    await this.following;
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      const url = this.replicas.anyUrl(this.random);
      if (url) await this.followAt(url);
      await pause(this.random.int(50, 250));
    }
  }

  private async followAt(url: string): Promise<void> {
    const connection = await this.connectTo(url);
    if (!connection) return;
    this.connections += 1;
    this.connection = connection;
    if (this.stopped) connection.close();
    for await (const { id, data } of connection) {
      this.seen.push({ place: id, id: (JSON.parse(data) as { id: string }).id });
    }
    this.connection = null;
    // also of heartbeats, which tell of places that a filter passed over
    this.lastEventId = connection.lastEventId ?? this.lastEventId;
  }

  /** Null where nobody serves: the process died, or cannot yet. */
  private async connectTo(url: string): Promise<SseConnection | null> {
    const filters: Record<string, string> = this.types.length > 0 ? { types: this.types.join(',') } : {};
    const { lastEventId } = this;
    try {
      return await connect({ url: `${url}/api/v1/events/stream`, key: ADMIN_KEY, lastEventId, filters });
    } catch (error) {
      const isAway = error instanceof SseRefused ? error.status >= 500 : isCut(error);
      if (!isAway) throw error;
      return null;
    }
  }
}

function isCut(error: unknown): boolean {
  return ['ECONNREFUSED', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');
}
