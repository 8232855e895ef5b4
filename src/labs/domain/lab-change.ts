import { derivedId } from '../../kernel/ids';
import { type LabActsState } from './lab-acts';

/** A lab in a reading of all labs of a worker. */
export interface SeenLab {
  readonly id: string;
  readonly title: string | null;
  readonly owner: string | null;
  readonly state: string;
}

/** All labs of a worker at a time. */
export interface LabsSeen {
  readonly labs: readonly SeenLab[];
  /** fleet time at which the reading was begun */
  readonly observedAt: Date;
}

/** A difference between two readings. What came and went between them is not seen. */
export interface LabChange {
  readonly id: string;
  readonly workerId: string;
  readonly labId: string;
  readonly title: string | null;
  readonly owner: string | null;
  /** null: the lab was not there, or nothing was read before */
  readonly from: string | null;
  /** null: the lab is gone */
  readonly to: string | null;
  /** fleet time of the last reading that showed it as it was before; null: there is none */
  readonly since: Date | null;
  /** fleet time of the first reading that shows it as it is now */
  readonly at: Date;
  /** who asked for it over this API; null: nobody did, or it is not known */
  readonly by: string | null;
}

type KnownLab = SeenLab & { readonly seenAt: Date };

/**
 * What a reading changed. `recorded` are the latest changes that the history has, oldest first: where they say something
 * else than the reading before, a process died before it recorded what it saw, and the history counts.
 */
export function changesBy(
  workerId: string,
  before: LabsSeen | null,
  recorded: readonly LabChange[],
  after: LabsSeen,
): Omit<LabChange, 'by'>[] {
  const known = knownLabs(before, recorded);
  const at = after.observedAt;
  const present = new Set(after.labs.map(({ id }) => id));
  const seen = after.labs.flatMap((lab) => {
    const was = known.get(lab.id);
    if (was?.state === lab.state) return [];
    const since = was?.seenAt ?? before?.observedAt ?? null;
    return [changeOf(workerId, lab, { from: was?.state ?? null, to: lab.state, since, at })];
  });
  const gone = [...known.values()]
    .filter(({ id }) => !present.has(id))
    .map((lab) => changeOf(workerId, lab, { from: lab.state, to: null, since: lab.seenAt, at }));
  return [...seen, ...gone].filter(({ since }) => since === null || since < at);
}

/** The same for everybody who saw the same two readings, so that it is recorded once. */
function changeOf(
  workerId: string,
  { id: labId, title, owner }: SeenLab,
  change: Pick<LabChange, 'from' | 'to' | 'since' | 'at'>,
): Omit<LabChange, 'by'> {
  const id = derivedId(
    ...['lab-change', workerId, labId],
    ...[change.since?.toISOString() ?? '', change.to ?? ''],
  );
  return { id, workerId, labId, title, owner, ...change };
}

function knownLabs(before: LabsSeen | null, recorded: readonly LabChange[]): Map<string, KnownLab> {
  const known = new Map(
    before?.labs.map((lab): [string, KnownLab] => [lab.id, { ...lab, seenAt: before.observedAt }]),
  );
  for (const { labId, title, owner, to, at } of latestOfEach(recorded)) {
    if (to === (known.get(labId)?.state ?? null)) continue;
    if (to === null) known.delete(labId);
    else known.set(labId, { id: labId, title, owner, state: to, seenAt: at });
  }
  return known;
}

function latestOfEach(recorded: readonly LabChange[]): Iterable<LabChange> {
  return new Map(recorded.map((change) => [change.labId, change])).values();
}

/** Fleet milliseconds between a request and the reading that shows what came of it: large labs stop for long. */
const DUE_WITHIN_MS = 30 * 60_000;

/**
 * Who asked for a change over this API: the latest request that leads to it, made since the lab's change before it.
 * `recorded` as above.
 */
export function whoAsked(
  { labId, to, at }: Omit<LabChange, 'by'>,
  { latest, stopAll }: LabActsState,
  recorded: readonly LabChange[],
): string | null {
  const earlier = recorded.findLast((change) => change.labId === labId)?.at ?? null;
  const isCause = (act: { readonly at: Date }) =>
    act.at <= at &&
    at.getTime() - act.at.getTime() <= DUE_WITHIN_MS &&
    (earlier === null || act.at >= earlier);
  const own = latest.find((act) => act.labId === labId);
  const wanted = to === 'STARTED' ? 'start' : 'stop';
  if (to !== 'STARTED' && to !== 'STOPPED') return null;
  if (own && own.request === wanted && isCause(own)) return own.by;
  return wanted === 'stop' && stopAll && isCause(stopAll) ? stopAll.by : null;
}
