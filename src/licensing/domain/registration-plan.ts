import { latest } from '../../kernel/clocks';
import {
  fail,
  isWithin,
  type LicenseStep,
  MOST_TRIES,
  type OnceStep,
  type ServerLicense,
  SETTLES_WITHIN_MS,
  STALE_FAILURE_MS,
  wordsOf,
} from './license-step';
import { type FeatureWish, isSameSource, type WantedLicense } from './wanted-license';
import { type SentCall, type WorkerLicenseState } from './worker-license-state';

/** What the next step of a registration is decided by. */
export interface Registering {
  readonly wanted: WantedLicense;
  /** the product and additional nodes that are asked for, the pool's where the wish does not say; null: no seat yet */
  readonly seat: { readonly productLicense: string | null; readonly features: readonly FeatureWish[] } | null;
  readonly memory: WorkerLicenseState;
  readonly operationId: string;
  /** what this run did already */
  readonly did: ReadonlySet<OnceStep>;
  /** this run had the server's word that it accepted the registration */
  readonly accepted: boolean;
  /** when this run began, or last changed something: the server is given its time from then on */
  readonly since: Date;
  readonly server: ServerLicense;
  readonly now: Date;
}

/**
 * What brings a server closer to the licence that is wanted, by what it says now and what was sent before. A registration
 * is sent again only where the one before certainly did not arrive: whoever does not know waits until it would show.
 */
export function registrationStep(turn: Registering): LicenseStep {
  const { memory, operationId, server } = turn;
  if (memory.registered?.operationId === operationId) return finish(turn);
  const sent = memory.sent?.call === 'register' ? memory.sent : null;
  const isOurs = sent !== null && (sent.operationId === operationId || isAlike(turn, sent));
  if (isOurs) return judge(turn, sent);
  if (server.registration === null || isUnderWay(server)) return waitOr(turn, timedOut(turn));
  return server.registration === 'COMPLETED' ? ofRegistered(turn) : begin(turn, false);
}

/** A registration was sent, by this operation or for the same licence by one before. */
function judge(turn: Registering, sent: SentCall): LicenseStep {
  const { server, accepted, now } = turn;
  const since = latest(sent.sentAt, turn.since) ?? now;
  const mayCome = isWithin(since, SETTLES_WITHIN_MS, now);
  const wait = (otherwise: LicenseStep) => (mayCome ? ({ do: 'poll' } as const) : otherwise);
  if (server.registration === 'COMPLETED') {
    if (isEarlier(server, sent)) return wait(accepted ? fulfilled(turn) : again(turn, sent));
    return isCompliant(server) ? fulfilled(turn) : wait(notCompliant(server));
  }
  if (server.registration === 'FAILED') return ofFailed(turn, sent, since);
  if (server.registration === 'NOT_REGISTERED') {
    return wait(accepted ? timedOut(turn) : again(turn, sent));
  }
  return wait(timedOut(turn));
}

/**
 * A server that showed FAILED before the registration was sent goes on to show it for a moment after it accepted that, and
 * registers all the same.
 */
function ofFailed(turn: Registering, { before, operationId, sentAt }: SentCall, since: Date): LicenseStep {
  const { server, accepted, now } = turn;
  const isOwn = operationId === turn.operationId;
  if (before.registration === 'FAILED') {
    const settlesWithinMs = accepted || !isOwn ? STALE_FAILURE_MS : SETTLES_WITHIN_MS;
    if (isWithin(isOwn ? since : sentAt, settlesWithinMs, now)) return { do: 'poll' };
  }
  // what came of an operation before is no reason not to try
  return isOwn ? refused(server) : begin(turn, false);
}

/** The server shows what it showed before the registration was sent over an earlier one: its end lies where it lay. */
function isEarlier({ registrationExpires }: ServerLicense, { before }: SentCall): boolean {
  if (before.registration !== 'COMPLETED') return false;
  return registrationExpires?.getTime() === before.expires?.getTime();
}

function again(turn: Registering, { operationId, tries, before }: SentCall): LicenseStep {
  if (operationId === turn.operationId && tries >= MOST_TRIES) {
    return fail(
      'license-timed-out',
      `The server took none of ${tries} registrations: ${wordsOf(turn.server)}.`,
    );
  }
  return begin(turn, before.registration === 'COMPLETED');
}

/** Registered, but not by this operation. */
function ofRegistered(turn: Registering): LicenseStep {
  const { wanted, memory, server } = turn;
  const isExpired = server.registrationExpires !== null && server.registrationExpires < turn.now;
  if (wanted.reregister || isExpired) return begin(turn, true);
  if (memory.registered && isSameSource(memory.registered, wanted)) {
    return isCompliant(server) ? fulfilled(turn) : waitOr(turn, notCompliant(server));
  }
  const by = memory.registered ? 'with another token' : 'past cml-fleet';
  return fail(
    'license-registered-otherwise',
    `The server is registered already, ${by}. Repeat with "reregister": true to register it anew, or give that ` +
      `licence back first: DELETE.`,
  );
}

function begin(turn: Registering, reregister: boolean): LicenseStep {
  const { wanted, seat, did, server } = turn;
  if (seat === null) return { do: 'take-seat' };
  const { transport } = wanted;
  if (transport && transport.smartServer !== server.smartServer && !did.has('set-transport')) {
    return { do: 'set-transport', smartServer: transport.smartServer };
  }
  const { productLicense } = seat;
  const otherProduct = productLicense !== null && productLicense !== server.productLicense;
  if (otherProduct && !did.has('set-product-license')) return { do: 'set-product-license', productLicense };
  return { do: 'register', reregister };
}

function fulfilled({ seat }: Registering): LicenseStep {
  return seat === null ? { do: 'take-seat' } : { do: 'note-registered' };
}

/** It is registered: additional nodes are asked for where the server counts others. */
function finish(turn: Registering): LicenseStep {
  const { seat, did, server } = turn;
  if (seat === null) return { do: 'take-seat' };
  const counts = seat.features.filter(({ id, count }) => countOf(server, id) !== count);
  if (counts.length > 0 && !did.has('set-features')) return { do: 'set-features', counts };
  if (!isCompliant(server)) return waitOr(turn, notCompliant(server));
  return { do: 'done', message: 'The server is registered, and authorized for what runs on it.' };
}

function countOf({ features }: ServerLicense, id: string): number | null {
  return features.find((feature) => feature.id === id)?.inUse ?? null;
}

function isAlike({ wanted }: Registering, { source }: SentCall): boolean {
  return source !== null && isSameSource(source, wanted);
}

function isUnderWay({ registration }: ServerLicense): boolean {
  return registration?.endsWith('IN_PROGRESS') ?? false;
}

function isCompliant({ registration, authorization }: ServerLicense): boolean {
  return registration === 'COMPLETED' && authorization === 'IN_COMPLIANCE';
}

function waitOr({ since, now }: Registering, otherwise: LicenseStep): LicenseStep {
  return isWithin(since, SETTLES_WITHIN_MS, now) ? { do: 'poll' } : otherwise;
}

function refused(server: ServerLicense): LicenseStep {
  return fail('license-refused', `Smart Licensing did not register the server: ${wordsOf(server)}.`, true);
}

function notCompliant(server: ServerLicense): LicenseStep {
  return fail('license-not-compliant', `The server is registered, but not authorized: ${wordsOf(server)}.`);
}

function timedOut({ server }: Registering): LicenseStep {
  return fail(
    'license-timed-out',
    `The registration did not come to an end within two minutes: ${wordsOf(server)}. It may still; ask for it again ` +
      `later, and it is gone on with.`,
  );
}
