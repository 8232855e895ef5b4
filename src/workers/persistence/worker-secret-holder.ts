import { type EventStore, type ParkedStreams, type Subscriptions } from '../../event-store';
import { type SecretHolder } from '../../secrets';
import { EVERYWHERE, type WorkerReadModel, type WorkerRecord } from '../domain/ports';

/** The list of workers is seconds behind; where it is further, nobody knows what it lacks. */
const BEHIND_AT_MOST = 1_000;

export interface WorkerSecretHolderParts {
  readonly readModel: Pick<WorkerReadModel, 'active'>;
  /** name of the subscription that keeps the read model */
  readonly subscription: string;
  readonly subscriptions: Pick<Subscriptions, 'list'>;
  readonly parked: Pick<ParkedStreams, 'of'>;
  readonly store: Pick<EventStore, 'sequence' | 'readLog'>;
}

/**
 * What workers hold: licence tokens and the passwords of their accounts. By the list, and for what that has not heard of
 * by the end of the log. Workers that are terminated or released need none any more.
 */
export class WorkerSecretHolder implements SecretHolder {
  readonly name = 'workers';

  constructor(private readonly parts: WorkerSecretHolderParts) {}

  /** @throws StoreUnavailable; Error while the list is far behind, or a worker is put aside */
  async heldOf(refs: readonly string[]): Promise<readonly string[]> {
    const { readModel, store } = this.parts;
    await store.sequence();
    const position = await this.positionOfList();
    const later = await store.readLog(position, BEHIND_AT_MOST);
    if (later.length === BEHIND_AT_MOST) throw new Error('the list of workers is too far behind the log');
    const texts = later.map(({ commit }) => JSON.stringify(commit.events));
    const listed = new Set((await readModel.active(EVERYWHERE)).flatMap(refsOf));
    return refs.filter((ref) => listed.has(ref) || texts.some((text) => text.includes(ref)));
  }

  private async positionOfList(): Promise<number> {
    const { subscription, subscriptions, parked } = this.parts;
    const state = (await subscriptions.list()).find(({ name }) => name === subscription);
    if (!state) throw new Error(`the subscription ${subscription} is not there`);
    const [aside] = await parked.of(subscription);
    if (aside) throw new Error(`the list of workers lacks ${aside.stream}, which ${subscription} put aside`);
    return state.position;
  }
}

function refsOf({ licenseToken, cmlCredentials }: WorkerRecord): string[] {
  return [licenseToken?.ref, cmlCredentials?.passwordRef].filter((ref) => ref !== undefined);
}
