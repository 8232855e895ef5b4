import { SECOND, plus } from '../../kernel/clocks';
import { REGION, type SimulatedFleet, START, startFleet } from '../../simulator/testing/simulated-fleet';
import { type LaunchSettings, type LaunchSpec, plainLaunch } from '../../workers';
import { type AwsClients } from './aws-clients';
import { Ec2Compute } from './ec2-compute';
import { awsClientsFor } from './testing/aws-clients';

const WORKER = '00000000-0000-4000-8000-0000000000aa';

let fleet: SimulatedFleet;
let clients: AwsClients;
let compute: Ec2Compute;

beforeEach(async () => {
  fleet = await startFleet();
  clients = awsClientsFor(fleet.awsEndpoint);
  compute = new Ec2Compute(clients, fleet.machine, { installationId: 'inst-1', imageOwnerIds: [] });
});

afterEach(async () => {
  clients.destroy();
  await fleet.stop();
});

function aSpec(changes: Partial<LaunchSpec> = {}, launch: Partial<LaunchSettings> = {}): LaunchSpec {
  return {
    workerId: WORKER,
    attempt: 1,
    image: { amiId: fleet.world.cmlImage(REGION).id, amiName: null, rootDeviceName: '/dev/sda1' },
    placement: { instanceType: 'm5zn.metal', subnetId: null },
    launch: { ...plainLaunch('m5zn.metal'), ...launch },
    tags: { team: 'net', Name: 'lab-1' },
    ...changes,
  };
}

/** A deadline that a call has time enough for. */
const soon = () => plus(fleet.machine.now(), 60 * SECOND);

async function launched(): Promise<string> {
  const { instanceId } = await compute.launch(REGION, compute.prepareLaunch(aSpec(), START), soon());
  fleet.seconds(600);
  return instanceId;
}

function callsOf(action: string): number {
  return fleet.world.calls.filter((call) => call.action === action).length;
}

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
