import { SECOND, plus } from '../../kernel/clocks';
import { REGION, START } from '../../simulator/testing/simulated-fleet';
import { Ec2Bench } from '../../../test/support/ec2-bench';

let bench: Ec2Bench;
let fleet: Ec2Bench['fleet'];
let compute: Ec2Bench['compute'];

beforeEach(async () => {
  bench = await Ec2Bench.start();
  ({ fleet, compute } = bench);
});
afterEach(() => bench.stop());

const aSpec = (...given: Parameters<Ec2Bench['aSpec']>) => bench.aSpec(...given);
const launched = () => bench.launched();
const callsOf = (action: string) => bench.callsOf(action);

describe('a call that was decided on too long ago', () => {
  it('is not sent, whatever it is', async () => {
    const id = await launched();
    const launches = callsOf('RunInstances');
    const over = plus(fleet.machine.now(), -1);
    const refusal = { failure: 'later', awsCode: 'DecidedTooLongAgo' };
    const request = compute.prepareLaunch(aSpec({ attempt: 2 }), START);
    await expect(compute.launch(REGION, request, over)).rejects.toMatchObject(refusal);
    await expect(compute.start(REGION, id, over)).rejects.toMatchObject(refusal);
    const stop = { sendBefore: null, force: false, notAfter: over };
    await expect(compute.stop(REGION, id, stop)).rejects.toMatchObject(refusal);
    await expect(compute.terminate(REGION, id, over)).rejects.toMatchObject(refusal);
    expect(callsOf('RunInstances')).toBe(launches);
    expect(['StartInstances', 'StopInstances', 'TerminateInstances'].map(callsOf)).toEqual([0, 0, 0]);
    expect(await compute.terminate(REGION, id, fleet.machine.now())).toBe('SHUTTING_DOWN');
  });
});

const until = (sendBefore: Date) => ({ sendBefore, force: false });

describe('a stop with a deadline', () => {
  it('is sent before it', async () => {
    const id = await launched();

    expect(await compute.stop(REGION, id, until(plus(fleet.machine.now(), 10 * SECOND)))).toBe('STOPPING');
  });

  it('is not sent when it has passed', async () => {
    const id = await launched();

    const stopping = compute.stop(REGION, id, until(fleet.machine.now()));

    await expect(stopping).rejects.toMatchObject({ failure: 'rejected', awsCode: 'SendBeforePassed' });
    expect(callsOf('StopInstances')).toBe(0);
  });

  it('is sent once: what nobody answers is not repeated', async () => {
    const id = await launched();
    fleet.world.failNext({ action: 'StopInstances', applied: false, cut: true });

    const stopping = compute.stop(REGION, id, until(plus(fleet.machine.now(), 10 * SECOND)));

    await expect(stopping).rejects.toMatchObject({ failure: 'unclear' });
    expect(callsOf('StopInstances')).toBe(1);
  });
});
