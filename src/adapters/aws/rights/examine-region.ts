import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { ComputeError } from '../../../workers';
import { type RegionClients } from '../aws-clients';
import { awsErrorFacts } from '../aws-error-facts';
import { computeErrorOf } from '../aws-errors';
import { type NeededRight } from './needed-rights';
import { findTarget, type ProbeTarget } from './probe-target';
import { DRY_RUN, findingsOf, isDenied, type RightAnswer, type RightFinding } from './right-verdict';

/** What was found of the credentials and rights in a region. */
export interface RegionFindings {
  readonly region: string;
  /** null where AWS did not let us in */
  readonly identity: { readonly accountId: string; readonly arn: string } | null;
  /** why AWS did not let us in; null where it did */
  readonly refusal: string | null;
  /** how far this machine's clock is ahead of AWS's, exact to a second or two; null where it is not known */
  readonly clockAheadSeconds: number | null;
  readonly rights: readonly RightFinding[];
}

/** Asks AWS who we are in a region and what we may do there, without changing anything. Never rejects. */
export async function examineRegion(
  clients: RegionClients,
  region: string,
  { rights, now }: { readonly rights: readonly NeededRight[]; readonly now: () => Date },
): Promise<RegionFindings> {
  const { identity, refusal, clockAheadSeconds } = await identify(clients.sts, region, now);
  if (!identity) {
    const detail = 'AWS did not let us in';
    const found = rights.map(({ action }) => ({ action, verdict: 'unknown' as const, detail }));
    return { region, identity, refusal, clockAheadSeconds, rights: found };
  }
  const target = await findTarget(clients.ec2);
  const place = { clients, target };
  const answers: RightAnswer[] = [];
  for (const right of rights) answers.push(await tryRight(right, place, now()));
  const found = findingsOf(answers, await controlOf(answers, place, now()));
  return { region, identity, refusal, clockAheadSeconds, rights: found };
}

async function identify(
  sts: STSClient,
  region: string,
  now: () => Date,
): Promise<Pick<RegionFindings, 'identity' | 'refusal' | 'clockAheadSeconds'>> {
  let date: string | undefined;
  const command = new GetCallerIdentityCommand({});
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      date = (answer.response as { headers?: Record<string, string> }).headers?.date;
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'readDate' },
  );
  let found: Pick<RegionFindings, 'identity' | 'refusal'>;
  try {
    const { Account: accountId, Arn: arn } = await sts.send(command);
    if (!accountId || !arn) throw new Error('the answer names no account');
    found = { identity: { accountId, arn }, refusal: null };
  } catch (error) {
    const { message } = computeErrorOf(error, { action: 'GetCallerIdentity', region, changes: false });
    found = { identity: null, refusal: message };
  }
  const theirs = date === undefined ? NaN : Date.parse(date);
  const clockAheadSeconds = Number.isNaN(theirs) ? null : Math.floor((now().getTime() - theirs) / 1000);
  return { ...found, clockAheadSeconds };
}

interface Place {
  readonly clients: RegionClients;
  readonly target: ProbeTarget;
}

async function tryRight(right: NeededRight, { clients, target }: Place, now: Date): Promise<RightAnswer> {
  const { action, alone } = right;
  const { code, denied } = await answerTo(right.send(clients, target, now));
  const madeUp = right.on !== null && !isThere(target, right.on);
  const blamed = denied !== null && denied !== action ? denied : null;
  if (isDenied(code) && blamed === null && alone) {
    const without = await answerTo(alone.send(clients, target));
    if (without.code === DRY_RUN) return { right, code: DRY_RUN, madeUp, blamed: alone.other };
  }
  return { right, code, madeUp, blamed };
}

/**
 * A right that is there, tried on an instance that is not: for those that could be tried on nothing else. Null where no
 * such right is known, or none was denied.
 */
async function controlOf(
  answers: readonly RightAnswer[],
  { clients, target }: Place,
  now: Date,
): Promise<{ readonly code: string | null } | null> {
  const inDoubt = answers.some(({ madeUp, code }) => madeUp && isDenied(code));
  const known = answers.find(({ right, madeUp, code }) => right.on !== null && !madeUp && code === DRY_RUN);
  if (!inDoubt || !known) return null;
  const made = { instance: null, spotRequestId: null, volumeId: null, allocationId: null };
  const nothing = { ...target, ...made };
  return answerTo(known.right.send(clients, nothing, now));
}

function isThere(target: ProbeTarget, on: NonNullable<NeededRight['on']>): boolean {
  const { instance, spotRequestId, volumeId, allocationId } = target;
  const found = { instance, 'spot-request': spotRequestId, volume: volumeId, address: allocationId };
  return found[on] !== null;
}

/** AWS's code of a refusal and the action that it names as denied; null where there was none. */
async function answerTo(
  sent: Promise<unknown>,
): Promise<{ readonly code: string | null; readonly denied: string | null }> {
  try {
    await sent;
    return { code: null, denied: null };
  } catch (error) {
    const { code, message } = awsErrorFacts(error);
    const [, denied = null] = /not authorized to perform: ([\w-]+:\w+)/.exec(message) ?? [];
    return { code: error instanceof ComputeError ? error.awsCode : code, denied };
  }
}
