import { HOUR, MINUTE, plus } from '../../../src/kernel/clocks';
import { type AwsCall } from '../../../src/simulator/aws/call-log';
import { type WorkerRecord } from '../../../src/workers/domain/ports';
import { type WorkerState } from '../../../src/workers/domain/worker-state';
import { Bench } from '../bench/bench';
import { harmsAtAnyTime, lacks, leaks, leftTag } from '../bench/judge';
import { Case, type LifeStep, type Strikes } from './case';
import { type Fault } from './faults';

/** Back-offs go up to an hour, and a boot or two may follow. */
const WITHIN = 100 * MINUTE;
/** Of one worker; what is read of a region is read each minute, up to three times, for all and for those it lacks. */
const CALLS_AN_HOUR = { worker: 60, region: 400 };
const PREPARED_WITHIN = 2 * HOUR;
const ASKS_AGAIN_AFTER = MINUTE;
const HIDDEN_HOURS = 0.2;

export interface Outcome {
  readonly case: Case;
  /** what is wrong; empty where all is well */
  readonly wrong: readonly string[];
}

/** All faults of one company, each for a worker of its own, in one step. */
export async function runBlock(
  step: LifeStep,
  faults: readonly Fault[],
  strikes: Strikes,
): Promise<{ outcomes: Outcome[]; story: string }> {
  const cases = casesOf(step, faults);
  const regions = [...new Set(cases.map(({ region }) => region))];
  const slow = faults.some(({ company }) => company === 'slow');
  const bench = await Bench.start({
    regions,
    longestRest: 20 * MINUTE,
    ...(slow && { requestTimeoutMs: 300 }),
  });
  try {
    await prepare(bench, cases);
    const begun = bench.now;
    for (const it of cases) await strike(bench, it, strikes);
    await follow(bench, cases, strikes);
    const common = [...bench.story.harms, ...(await harmsAtAnyTime(bench)), ...(await leaks(bench))];
    // told once, with the first of them
    const all = cases.map((it, index) => judged(bench, it, begun, index === 0 ? common : []));
    const outcomes = await Promise.all(all);
    return { outcomes, story: await bench.told() };
  } finally {
    await bench.stop();
  }
}

export function casesOf(step: LifeStep, faults: readonly Fault[]): Case[] {
  const fitting = faults.filter(({ actions }) => actions?.includes(step.action) ?? true);
  const losses = { never: [false], always: [true], also: [false, true] }[step.lost];
  return fitting
    .flatMap((fault) => losses.map((lost) => ({ fault, lost })))
    .map(({ fault, lost }, number) => {
      const region = step.scope === 'region' ? `eu-test-${number + 1}` : 'eu-west-1';
      return new Case(step, fault, lost, region, number + 1);
    });
}

async function prepare(bench: Bench, cases: readonly Case[]): Promise<void> {
  for (const it of cases) {
    bench.workerIds.add(it.workerId);
    await it.step.begin(bench, it);
  }
  const begun = await bench.liveUntil(async () => {
    const records = await bench.records();
    let ready = true;
    for (const it of cases) {
      const status = records.get(it.workerId)?.status ?? null;
      const { whenRunning } = it;
      if (status === 'RUNNING' && whenRunning) {
        it.whenRunning = null;
        await whenRunning();
      }
      ready &&= it.step.ready === 'at once' || status === it.step.ready;
    }
    return ready;
  }, PREPARED_WITHIN);
  if (begun === null) throw new Error('the cases did not come to where their step begins');
}

async function strike(bench: Bench, it: Case, strikes: Strikes): Promise<void> {
  const { faults } = bench.world;
  const about = { actions: [it.step.action], ...it.which() };
  if (it.lost) faults.add({ ...about, cut: 'before-answer', applied: true, next: 1 });
  // an unwanted launch that is hidden for longer than it is looked for ends as an orphan, which people see
  const hidden = it.fault.hides && it.step.covers.includes('find-launched');
  const hours = 'times' in strikes ? 0 : hidden ? HIDDEN_HOURS : strikes.hours;
  const when = 'times' in strikes ? { next: strikes.times } : { forSeconds: (hours * HOUR) / 1000 };
  it.ruleId = faults.add({ ...about, ...it.fault.rule, ...when }).id;
  await it.step.ask(bench, it);
}

/** Until all is as wanted, or too late. A fault that no call meets any more is over, too. */
async function follow(bench: Bench, cases: readonly Case[], strikes: Strikes): Promise<void> {
  const begun = bench.now;
  const open = new Set(cases);
  const calls = bench.calls.length;
  let seen = calls;
  await bench.liveUntil(async () => {
    const records = await bench.records();
    const alive = new Set(bench.world.faults.list().map(({ id }) => id));
    count(bench.calls.slice(seen), [...open], records);
    seen = bench.calls.length;
    for (const it of open) {
      if (!alive.has(it.ruleId)) it.endedAt ??= bench.now;
      const record = records.get(it.workerId);
      if (record && lackOf(bench, record) === null && isDone(it, record)) {
        it.minutes = (bench.now.getTime() - (it.endedAt ?? begun).getTime()) / MINUTE;
        open.delete(it);
      } else if (it.endedAt) {
        if (bench.now > plus(it.endedAt, WITHIN)) open.delete(it);
        await askAgain(bench, it, record);
      } else if ('times' in strikes) {
        // what is refused for good is met again only when it is asked for again
        if (bench.now > plus(begun, 10 * HOUR)) open.delete(it);
        await askAgain(bench, it, record);
      } else if (bench.now > plus(begun, 3 * HOUR + WITHIN)) open.delete(it);
    }
    return open.size === 0;
  }, 11 * HOUR);
}

function lackOf(bench: Bench, worker: WorkerState): string | null {
  return lacks(bench, worker) ?? leftTag(bench, worker);
}

function isDone(it: Case, record: WorkerRecord): boolean {
  return it.step.name !== 'import' || record.awsInstanceId === it.instanceId;
}

/** A person who was refused for good comes back once what was wrong is mended. */
async function askAgain(bench: Bench, it: Case, record: WorkerRecord | undefined): Promise<void> {
  const reason = record?.statusReason ?? null;
  // nobody waits for hours
  const late = reason && (reason.nextTryAt === null || reason.nextTryAt > plus(reason.at, HOUR));
  const refusedAt = late ? reason.at : it.refusedAt;
  if (!refusedAt || bench.now < plus(refusedAt, ASKS_AGAIN_AFTER)) return;
  it.refusedAt = null;
  it.askedAgain += 1;
  await (it.step.askAgain ?? it.step.ask)(bench, it);
}

function count(calls: readonly AwsCall[], cases: readonly Case[], records: Map<string, WorkerRecord>): void {
  for (const it of cases) {
    const instance = records.get(it.workerId)?.awsInstanceId ?? it.instanceId;
    const mine = ({ region, params }: AwsCall): boolean => {
      if (it.step.scope === 'region') return region === it.region;
      const about = [params.ClientToken, params['InstanceId.1'], params['ResourceId.1'], params.InstanceId];
      return about.some((value) => String(value).startsWith(it.workerId) || value === instance);
    };
    if (it.endedAt === null) {
      it.calls += calls.filter((call) => call.action === it.step.action && mine(call)).length;
    }
  }
}

async function judged(bench: Bench, it: Case, begun: Date, common: readonly string[]): Promise<Outcome> {
  const worker = await bench.worker(it.workerId);
  const wrong = [...common];
  const lack = worker ? lackOf(bench, worker) : 'there is no worker';
  if (it.minutes === null || lack) wrong.push(`not as wanted: ${lack ?? ''}`);
  const hours = Math.max(1, (it.endedAt ?? bench.now).getTime() / HOUR - begun.getTime() / HOUR);
  const allowed = CALLS_AN_HOUR[it.step.scope] * hours;
  if (it.calls > allowed) wrong.push(`${it.calls} calls of ${it.step.action} in ${hours.toFixed(1)} hours`);
  return { case: it, wrong };
}
