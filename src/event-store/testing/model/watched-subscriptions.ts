import { type MachineClock, plus } from '../../../kernel/clocks';
import { type SubscriptionClaim, Subscriptions, type SubscriptionState } from '../../subscription-ports';
import { type Witness } from './witness';

interface Grant {
  readonly claim: SubscriptionClaim;
  /** by the server's clock */
  readonly until: Date;
}

/** Subscriptions under the eyes of a witness: whom they are given to, and under which fence their position moves. */
export class WatchedSubscriptions extends Subscriptions {
  private readonly newest = new Map<string, Grant>();
  private readonly owners = new Map<string, string>();

  constructor(
    private readonly inner: Subscriptions,
    private readonly server: MachineClock,
    private readonly witness: Witness,
  ) {
    super();
  }

  async claim(name: string, owner: string, lengthMs: number): Promise<SubscriptionClaim | null> {
    const claim = await this.inner.claim(name, owner, lengthMs);
    if (!claim) return null;
    const before = this.newest.get(name);
    const early = before !== undefined && before.claim.owner !== owner && before.until > this.server.now();
    this.witness.expect(
      !early,
      'a subscription was taken before its lease was over',
      () => `${owner}: ${name}`,
    );
    const id = `${name} ${claim.fence}`;
    const first = this.owners.get(id) ?? owner;
    this.witness.expect(first === owner, 'two owners had one fence', () => `${id}: ${first}, ${owner}`);
    this.owners.set(id, first);
    this.newest.set(name, { claim, until: plus(this.server.now(), lengthMs) });
    return claim;
  }

  async move(claim: SubscriptionClaim, position: number): Promise<boolean> {
    const moved = await this.inner.move(claim, position);
    const newest = this.newest.get(claim.name)?.claim.fence;
    this.witness.expect(
      !moved || newest === claim.fence,
      'a position moved under an old fence',
      () => `${claim.name} to ${position} under ${claim.fence}, not ${newest}`,
    );
    return moved;
  }

  async release(claim: SubscriptionClaim): Promise<boolean> {
    const released = await this.inner.release(claim);
    if (released) this.newest.set(claim.name, { claim, until: new Date(0) });
    return released;
  }

  ensure(name: string, position: number): Promise<void> {
    return this.inner.ensure(name, position);
  }

  noteFailure(claim: SubscriptionClaim, error: string): Promise<boolean> {
    return this.inner.noteFailure(claim, error);
  }

  remove(name: string): Promise<void> {
    return this.inner.remove(name);
  }

  list(): Promise<SubscriptionState[]> {
    return this.inner.list();
  }
}
