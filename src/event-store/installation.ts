import { systemContext } from '../kernel/command-context';
import { eventOf } from '../kernel/domain-event';
import { derivedId, type IdSource } from '../kernel/ids';
import { EMPTY } from './commit-chain';
import { type Commit, type EventStore } from './ports';

const STREAM = 'installation';

export class InstallationCreated extends eventOf('installation.created')<{ id: string }> {}

/** Who we are to the outside: chosen at the first start, and the same ever after, in every replica. */
export class Installation {
  private known: Promise<string> | null = null;

  constructor(
    private readonly store: EventStore,
    private readonly ids: IdSource,
  ) {}

  /** @throws StoreUnavailable; the next call asks again */
  id(): Promise<string> {
    this.known ??= this.findOrCreate().catch((error: unknown) => {
      this.known = null;
      throw error;
    });
    return this.known;
  }

  private async findOrCreate(): Promise<string> {
    const [found] = await this.store.load(STREAM);
    return idIn(found ?? (await this.create()));
  }

  /** All replicas use one command id: whoever comes second is answered the first one's commit. */
  private create(): Promise<Commit> {
    const events = [new InstallationCreated(STREAM, { id: this.ids.next() })];
    const context = systemContext('installation', derivedId(STREAM));
    return this.store.append({ stream: STREAM, head: EMPTY, events, context });
  }
}

function idIn({ events: [created] }: Commit): string {
  if (typeof created?.data.id !== 'string') throw new TypeError(`the stream ${STREAM} holds no id`);
  return created.data.id;
}
