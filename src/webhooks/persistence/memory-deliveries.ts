import { AT_ONCE } from '../../event-store';
import { HOUR, type MachineClock, plus } from '../../kernel/clocks';
import { type Delivery, type DeliveryTry, type NewDelivery } from '../domain/delivery';
import { Deliveries, type DeliveryClaim, type DeliveryOutcome, type DeliveryPage } from '../domain/ports';
import { afterTry, freshDelivery, RENEWED } from './delivery-changes';

const LIFE = 30 * 24 * HOUR;

/** Deliveries in the memory of one process. */
export class MemoryDeliveries extends Deliveries {
  /** in the order of their creation */
  private readonly rows = new Map<string, Delivery>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  add(deliveries: readonly NewDelivery[]): Promise<void> {
    const now = this.clock.now();
    for (const [id, { createdAt }] of this.rows) {
      if (plus(createdAt, LIFE) > now) break;
      this.rows.delete(id);
    }
    for (const given of deliveries) {
      if (!this.rows.has(given.id)) this.rows.set(given.id, freshDelivery(given, now));
    }
    return Promise.resolve();
  }

  claimDue(webhookIds: readonly string[], owner: string, lengthMs: number): Promise<Delivery | null> {
    const due = [...this.rows.values()]
      .filter((row) => webhookIds.includes(row.webhookId) && !row.isPing && this.isDue(row))
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.position - b.position);
    return Promise.resolve(this.take(due[0], owner, lengthMs));
  }

  claim(id: string, owner: string, lengthMs: number): Promise<Delivery | null> {
    const row = this.rows.get(id);
    return Promise.resolve(this.take(row && this.isDue(row) ? row : undefined, owner, lengthMs));
  }

  record(claim: Delivery, tried: DeliveryTry | null, outcome: DeliveryOutcome): Promise<boolean> {
    const pauseMs = outcome.state === 'pending' ? outcome.pauseMs : 0;
    const dueAt = plus(this.clock.now(), pauseMs);
    return this.change(claim, { ...afterTry(claim, tried, outcome), dueAt });
  }

  release(claim: DeliveryClaim): Promise<boolean> {
    return this.change(claim, { owner: null, dueAt: AT_ONCE });
  }

  find(id: string): Promise<Delivery | null> {
    return Promise.resolve(this.rows.get(id) ?? null);
  }

  page({ webhookId, states, after, limit }: DeliveryPage): Promise<Delivery[]> {
    const found = [...this.rows.values()]
      .filter((row) => row.webhookId === webhookId && (!states || states.includes(row.state)))
      .sort(newestFirst)
      .filter((row) => !after || newestFirst(row, after) > 0);
    return Promise.resolve(found.slice(0, limit));
  }

  anyDelivered(webhookId: string, since: Date): Promise<boolean> {
    const rows = [...this.rows.values()];
    return Promise.resolve(
      rows.some((row) => row.webhookId === webhookId && row.deliveredAt && row.deliveredAt >= since),
    );
  }

  renew(id: string): Promise<void> {
    const row = this.rows.get(id);
    if (row && row.state !== 'pending') this.rows.set(id, { ...row, ...RENEWED });
    return Promise.resolve();
  }

  async renewFailed(webhookId: string): Promise<number> {
    const failed = [...this.rows.values()].filter(
      (row) => row.webhookId === webhookId && row.state === 'failed' && !row.isPing,
    );
    for (const { id } of failed) await this.renew(id);
    return failed.length;
  }

  remove(id: string): Promise<void> {
    this.rows.delete(id);
    return Promise.resolve();
  }

  removeAll(webhookId: string): Promise<void> {
    for (const row of this.rows.values()) if (row.webhookId === webhookId) this.rows.delete(row.id);
    return Promise.resolve();
  }

  private isDue({ state, dueAt }: Delivery): boolean {
    return state === 'pending' && dueAt <= this.clock.now();
  }

  private take(row: Delivery | undefined, owner: string, lengthMs: number): Delivery | null {
    if (!row) return null;
    const taken = { ...row, owner, fence: row.fence + 1, dueAt: plus(this.clock.now(), lengthMs) };
    this.rows.set(row.id, taken);
    return taken;
  }

  private change(
    { id, owner, fence }: DeliveryClaim | Delivery,
    changes: Partial<Delivery>,
  ): Promise<boolean> {
    const row = this.rows.get(id);
    if (!row || row.owner !== owner || row.fence !== fence) return Promise.resolve(false);
    this.rows.set(id, { ...row, ...changes });
    return Promise.resolve(true);
  }
}

type Place = Pick<Delivery, 'createdAt' | 'id'>;

function newestFirst(a: Place, b: Place): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : Number(a.id !== b.id) * -1);
}
