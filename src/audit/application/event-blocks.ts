import { type CloudEvent } from 'cloudevents';
import { type Commit, type LogEntry, placeText, type PublicEvents } from '../../event-store';

/** One event as a stream sends it. */
export interface EventBlock {
  readonly event: CloudEvent<unknown>;
  readonly index: number;
  /** `id`, `event` and `data` line, and the empty one that ends the block */
  readonly text: string;
}

/** The text of each commit's events is made once for all streams, and kept as long as the commit is in memory. */
export class EventBlocks {
  private readonly blocks = new WeakMap<Commit, Promise<readonly EventBlock[]>>();

  constructor(private readonly publicEvents: PublicEvents) {}

  /** @throws StoreUnavailable */
  async of(entry: LogEntry): Promise<readonly EventBlock[]> {
    const made = this.blocks.get(entry.commit) ?? this.make(entry);
    this.blocks.set(entry.commit, made);
    try {
      return await made;
    } catch (error) {
      this.blocks.delete(entry.commit);
      throw error;
    }
  }

  private async make({ position, commit }: LogEntry): Promise<EventBlock[]> {
    const events = await this.publicEvents.of(commit);
    return events.map((event, index) => {
      const id = placeText({ position, index });
      return { event, index, text: `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n` };
    });
  }
}
