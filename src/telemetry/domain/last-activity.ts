import { latest } from '../../kernel/clocks';
import { labsChanged, newestEdit } from './lab-changes';
import { type Observation, type Observations } from './observation';
import { type SignalReading } from './signal';

/** The latest sign of use: when it was, where it was seen, and what it was. */
export interface LastActivity {
  readonly at: Date;
  readonly source: 'cml-activity' | 'cml-labs' | 'cml-system';
  /** CML's category of the event, else `lab-running`, `lab-changed` or `cpu`; null: CML did not name it */
  readonly kind: string | null;
}

/**
 * When somebody was last seen to use the worker, as far as these observations and the signals made of them tell. A
 * server whose clock is ahead cannot name a time after the reading, and what a reading was the first to find, though there
 * was one before, is as old as that reading.
 */
export function lastActivityIn(
  before: Observations,
  after: Observations,
  signals: readonly SignalReading[],
): LastActivity | null {
  const isActive = (name: string) =>
    signals.find(({ signal, value }) => signal === name && value === 'active') ?? null;
  const cpu = isActive('cpu');
  const signs = [
    ...(after['cml-labs'] && after['cml-labs'] !== before['cml-labs']
      ? labSigns(before['cml-labs'], after['cml-labs'])
      : []),
    cpu && { at: cpu.at, source: 'cml-system' as const, kind: 'cpu' },
    actOf(after['cml-activity']),
  ].flatMap((sign) => sign ?? []);
  // of several at one time the first one stands
  return signs.reduce<LastActivity | null>((last, sign) => (last && last.at >= sign.at ? last : sign), null);
}

function actOf(activity: Observation<'cml-activity'> | undefined): LastActivity | null {
  const { values = null, observedAt = null } = activity ?? {};
  if (!values?.newestActivityAt || !observedAt) return null;
  const { newestActivityAt, newestFoundAt = null, newestCategory } = values;
  const at = latest(newestActivityAt > observedAt ? observedAt : newestActivityAt, newestFoundAt);
  return at && { at, source: 'cml-activity', kind: newestCategory };
}

/** A change that was seen is as old as the reading: it may have been made at any time since the one before. */
function labSigns(
  before: Observation<'cml-labs'> | undefined,
  { values, observedAt, lastError }: Observation<'cml-labs'>,
): LastActivity[] {
  if (!values || !observedAt || lastError) return [];
  const source = 'cml-labs';
  if (values.running > 0) return [{ at: observedAt, source, kind: 'lab-running' }];
  if (labsChanged(before?.values ?? null, values)) return [{ at: observedAt, source, kind: 'lab-changed' }];
  const edited = newestEdit(values, observedAt);
  return edited ? [{ at: edited, source, kind: 'lab-changed' }] : [];
}
