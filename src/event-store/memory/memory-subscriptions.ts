import { type MachineClock, plus } from '../../kernel/clocks';
import { type SubscriptionClaim, Subscriptions, type SubscriptionState } from '../subscription-ports';

const RELEASED = new Date(0);

/** Subscriptions among the users of one process' memory. */
export class MemorySubscriptions extends Subscriptions {
  private readonly states = new Map<string, SubscriptionState>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  ensure(name: string, position: number): Promise<void> {
    if (!this.states.has(name)) {
      const fresh = { owner: null, fence: 0, dueAt: RELEASED, attempts: 0, lastError: null };
      this.states.set(name, { name, position, ...fresh });
    }
    return Promise.resolve();
  }

  claim(name: string, owner: string, lengthMs: number): Promise<SubscriptionClaim | null> {
    const present = this.states.get(name);
    if (!present) return Promise.resolve(null);
    const now = this.clock.now();
    const held = present.dueAt > now;
    if (held && present.owner !== owner) return Promise.resolve(null);
    const fence = held ? present.fence : present.fence + 1;
    this.states.set(name, { ...present, owner, fence, dueAt: plus(now, lengthMs) });
    return Promise.resolve({ name, owner, fence, position: present.position });
  }

  move(claim: SubscriptionClaim, position: number): Promise<boolean> {
    return this.change(claim, { position, attempts: 0, lastError: null });
  }

  noteFailure(claim: SubscriptionClaim, error: string): Promise<boolean> {
    const attempts = (this.states.get(claim.name)?.attempts ?? 0) + 1;
    return this.change(claim, { attempts, lastError: error });
  }

  release(claim: SubscriptionClaim): Promise<boolean> {
    return this.change(claim, { dueAt: RELEASED, owner: null });
  }

  remove(name: string): Promise<void> {
    this.states.delete(name);
    return Promise.resolve();
  }

  list(): Promise<SubscriptionState[]> {
    return Promise.resolve([...this.states.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  private change(
    { name, owner, fence }: SubscriptionClaim,
    changes: Partial<SubscriptionState>,
  ): Promise<boolean> {
    const present = this.states.get(name);
    if (present?.owner !== owner || present.fence !== fence) return Promise.resolve(false);
    this.states.set(name, { ...present, ...changes });
    return Promise.resolve(true);
  }
}
