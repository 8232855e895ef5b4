import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { type RegionClients } from '../aws-clients';
import { computeErrorOf } from '../aws-errors';
import { type NeededRight } from './needed-rights';
import { findTarget, type ProbeTarget } from './probe-target';
import { findingsOf, type RightAnswer, type RightFinding } from './right-verdict';

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
  const answers: RightAnswer[] = [];
  for (const right of rights) {
    const code = await codeOf(right.send(clients, target, now()));
    answers.push({ right, code, madeUp: right.on !== null && !isThere(target, right.on) });
  }
  return { region, identity, refusal, clockAheadSeconds, rights: findingsOf(answers) };
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

function isThere({ instance, volumeId, allocationId }: ProbeTarget, on: 'instance' | 'volume' | 'address') {
  return { instance, volume: volumeId, address: allocationId }[on] !== null;
}

/** AWS's code of a refusal; null where there was none. */
async function codeOf(sent: Promise<unknown>): Promise<string | null> {
  try {
    await sent;
    return null;
  } catch (error) {
    return computeErrorOf(error, { action: 'DryRun', region: '', changes: false }).awsCode;
  }
}
