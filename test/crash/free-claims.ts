import { type Connection } from 'mongoose';

interface Claimed {
  readonly _id: string;
  readonly owner: string | null;
}

/**
 * Lets the time pass that a dead process goes on holding what it had: half a minute for subscriptions, a minute for
 * requests and for deliveries to webhooks. Nobody has to wait for it here.
 * @param dead process ids
 */
export async function freeClaims(connection: Connection, dead: readonly number[]): Promise<void> {
  const now = new Date();
  await connection.collection('idempotency').updateMany({ state: 'running' }, { $set: { leaseUntil: now } });
  // of the living as well: where the database died under a try, its outcome is not noted
  await connection
    .collection('webhook_deliveries')
    .updateMany({ state: 'pending', owner: { $ne: null } }, { $set: { dueAt: now } });
  const subscriptions = connection.collection<Claimed>('es_subscriptions');
  for (const { _id, owner } of await subscriptions.find().toArray()) {
    const isDead = dead.some((pid) => owner?.split('/')[1] === String(pid));
    if (isDead) await subscriptions.updateOne({ _id, owner }, { $set: { dueAt: now } });
  }
}
