import { AWS_ERROR_MEANINGS } from '../../../src/adapters/aws/aws-error-meanings';
import { type FaultRuleInput } from '../../../src/simulator/faults/fault-rule';
import { knownError } from '../../../src/simulator/faults/known-errors';

/** One way in which a call to AWS goes wrong. */
export interface Fault {
  readonly name: string;
  readonly rule: FaultRuleInput;
  /** actions that it can happen to; left out: all */
  readonly actions?: readonly string[];
  /** Faults of one company are tried together; those of `null` in one crowd, as they touch nobody else. */
  readonly company: 'slow' | 'clock' | null;
  /** whether it hides what is there */
  readonly hides?: true;
  /** stands for others that mean the same */
  readonly typical: boolean;
}

const LISTING = ['DescribeInstances'];
const BOOTING = ['RunInstances', 'StartInstances'];
/** Machine milliseconds: longer than the clients of that company wait. */
const TOO_LATE = 700;

const inPassing = (name: string, rule: FaultRuleInput, more: Partial<Fault> = {}): Fault => ({
  ...{ name, rule, company: null, typical: true },
  ...more,
});

/** Where there is no answer, or a wrong one. */
const TROUBLES: readonly Fault[] = [
  inPassing('InternalError', { error: 'InternalError' }),
  inPassing('InternalError, and done', { error: 'InternalError', applied: true }),
  inPassing('Unavailable', { error: 'Unavailable' }),
  inPassing('a code that nobody knows', { error: 'NeverHeardOf', httpStatus: 400 }),
  inPassing('cut before it is done', { cut: 'before-answer' }),
  inPassing('cut once it is done', { cut: 'before-answer', applied: true }),
  inPassing('cut within the answer', { cut: 'mid-answer' }),
  inPassing('hangs, not done', { latencyMs: TOO_LATE, cut: 'before-answer' }, { company: 'slow' }),
  inPassing('hangs, and done', { latencyMs: TOO_LATE }, { company: 'slow' }),
  inPassing('clocks an hour apart', { clockSkewSeconds: 3_600 }, { company: 'clock' }),
  inPassing('lists nothing', { dropShare: 1 }, { actions: LISTING, hides: true }),
  inPassing('lists twice, in any order', { duplicateShare: 1, shuffle: true }, { actions: LISTING }),
  inPassing('reads of two minutes ago', { lagSeconds: 120 }, { actions: LISTING }),
  inPassing('does not show the newest', { hideYoungerThanSeconds: 200 }, { actions: LISTING }),
  ...['Server.InsufficientInstanceCapacity', 'Server.InternalError', 'Client.InternalError'].map((code) =>
    inPassing(`ends while it boots: ${code}`, { bootFails: code }, { actions: BOOTING }),
  ),
];

/** Every code that the adapters know, each with the others that mean the same. */
function refusals(): Fault[] {
  const seen = new Set<string>();
  return [...AWS_ERROR_MEANINGS].map(([code, { failure, advice }]) => {
    const meaning = `${failure}/${advice}`;
    const typical = !seen.has(meaning);
    seen.add(meaning);
    const httpStatus = knownError(code)?.httpStatus ?? 400;
    return { name: code, rule: { error: code, httpStatus }, company: null, typical };
  });
}

export const FAULTS: readonly Fault[] = [...refusals(), ...TROUBLES];
