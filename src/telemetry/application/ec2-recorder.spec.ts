import { Logger } from '@nestjs/common';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { MINUTE, plus } from '../../kernel/clocks';
import { UpdateWorkerStatus } from '../../workers';
import { aWorker, INSTANCE_ID, WORKER_ID } from '../../workers/testing/worker.builder';
import { anInstance, throttled } from '../testing/fake-ec2';
import { CONTEXT, telemetryBench } from '../testing/telemetry-bench';

const REGION = 'us-east-1';

function bench() {
  const parts = telemetryBench();
  // created at 8:00, launched at 8:01, and running since 8:10; the bench's clock stands at 9:00
  parts.queries.workers = [aWorker().running().state];
  parts.ec2.listed.set(REGION, [anInstance()]);
  const { lease } = aTurn(parts.clock);
  return { ...parts, sweep: () => parts.sweep.sweepRegion(REGION, lease, CONTEXT) };
}

it('confirms what a sweep sees again as it was, and saves whatever it sees otherwise', async () => {
  const { clock, ec2, sweep, observations } = bench();
  const confirmed: Date[] = [];
  const confirm = observations.confirm.bind(observations);
  observations.confirm = (again) => {
    confirmed.push(...again.map(({ after }) => after.observedAt ?? new Date(0)));
    return confirm(again);
  };
  const times: Date[] = [];
  const statuses = ['RUNNING', 'RUNNING', 'STOPPING', 'STOPPING', 'STOPPED'] as const;
  for (const status of statuses) {
    ec2.listed.set(REGION, [anInstance({ status })]);
    times.push(clock.now());
    await sweep();
    clock.advance(MINUTE);
  }
  expect(confirmed).toEqual([times[1], times[3]]);
});

describe('a worker that EC2 says nothing about', () => {
  it('becomes UNKNOWN ten minutes after the last reading', async () => {
    const { clock, commands, ec2, sweep } = bench();
    await sweep();
    ec2.listed.clear();
    ec2.failing.set(REGION, throttled());
    clock.advance(10 * MINUTE - 1);
    await sweep();
    expect(commands.of(UpdateWorkerStatus)).toEqual([]);
    clock.advance(1);
    await sweep();
    expect(commands.of(UpdateWorkerStatus)).toMatchObject([
      {
        workerId: WORKER_ID,
        status: 'UNKNOWN',
        reason: {
          code: 'ec2-unreadable',
          message:
            `EC2 has not told the state of ${INSTANCE_ID} since 2026-03-02T09:00:00.000Z.` +
            ' The last try: AWS asks to slow down.',
          nextTryAt: null,
        },
      },
    ]);
  });

  it('is not taken for one of which it said nothing since an earlier instance, which died', async () => {
    const { clock, commands, queries, ec2, sweep } = bench();
    await sweep();
    clock.advance(15 * MINUTE);
    const at = plus(clock.now(), -MINUTE);
    queries.workers = [aWorker().launchRequested({ attempt: 2, at }).launched('i-2').state];
    ec2.failing.set(REGION, throttled());
    await sweep();
    expect(commands.of(UpdateWorkerStatus)).toEqual([]);
    clock.advance(9 * MINUTE);
    await sweep();
    expect(commands.of(UpdateWorkerStatus)).toHaveLength(1);
  });

  it('becomes so though another one cannot be told', async () => {
    Logger.overrideLogger(false);
    const { clock, commands, queries, ec2, sweep } = bench();
    const other = aWorker({ name: 'lab-2' }, '00000000-0000-4000-8000-000000000002').launched('i-2');
    queries.workers = [...queries.workers, other.state];
    commands.refuse(UpdateWorkerStatus, new Error('a broken stream'));
    ec2.listed.clear();
    ec2.failing.set(REGION, throttled());
    clock.advance(10 * MINUTE);
    await sweep();
    expect(commands.of(UpdateWorkerStatus).map(({ workerId }) => workerId)).toEqual([WORKER_ID, other.id]);
  });

  it('becomes so ten minutes after its launch, if there never was a reading', async () => {
    const { clock, commands, queries, ec2, sweep } = bench();
    const launched = aWorker()
      .launchRequested({ at: plus(clock.now(), -9 * MINUTE) })
      .launched();
    queries.workers = [launched.state];
    ec2.listed.clear();
    ec2.failing.set(REGION, throttled());
    await sweep();
    expect(commands.executed).toEqual([]);
    clock.advance(MINUTE);
    await sweep();
    expect(commands.of(UpdateWorkerStatus)).toHaveLength(1);
  });

  it('becomes so when credentials of another account do not know it, whose word counts for nothing else', async () => {
    const { clock, commands, ec2, sweep, observations } = bench();
    await sweep();
    ec2.account = '999988887777';
    ec2.listed.set(REGION, []);
    clock.advance(9 * MINUTE);
    await sweep();
    expect(commands.of(UpdateWorkerStatus)).toEqual([]);
    expect((await observations.of(WORKER_ID)).ec2).toMatchObject({
      values: { status: 'RUNNING', missingSince: null },
      lastError: { code: 'other-account' },
    });
    clock.advance(MINUTE);
    await sweep();
    expect(commands.of(UpdateWorkerStatus)).toHaveLength(1);
  });

  it('is told so once', async () => {
    const { clock, commands, queries, ec2, sweep } = bench();
    queries.workers = [aWorker().running().status('UNKNOWN').state];
    ec2.listed.clear();
    ec2.failing.set(REGION, throttled());
    clock.advance(60 * MINUTE);
    await sweep();
    expect(commands.executed).toEqual([]);
  });
});
