import { MINUTE, plus } from '../../kernel/clocks';
import { REGION, START } from '../../simulator/testing/simulated-fleet';
import { plainLaunch } from '../../workers';
import { Ec2Bench, WORKER } from '../../../test/support/ec2-bench';

let bench: Ec2Bench;
let fleet: Ec2Bench['fleet'];
let compute: Ec2Bench['compute'];

beforeEach(async () => {
  bench = await Ec2Bench.start();
  ({ fleet, compute } = bench);
});
afterEach(() => bench.stop());

async function launchOurs(): Promise<void> {
  const spec = {
    ...{ workerId: WORKER, attempt: 1, tags: {} },
    image: { amiId: fleet.world.cmlImage(REGION).id, amiName: null, rootDeviceName: '/dev/sda1' },
    placement: { instanceType: 'c5.2xlarge', subnetId: null },
    launch: { ...plainLaunch('c5.2xlarge'), market: 'spot' as const },
  };
  await compute.launch(REGION, compute.prepareLaunch(spec, START), plus(fleet.machine.now(), MINUTE));
  fleet.seconds(600);
}

const PERSISTENT = {
  InstanceMarketOptions: {
    MarketType: 'spot',
    SpotOptions: { SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'stop' },
  },
} as const;
const ONLY_OURS = { unlessTagged: { key: 'managed-by', value: 'cml-fleet' } };
const requests = () => [...(fleet.world.region(REGION)?.spotRequests.values() ?? [])];
const states = () => requests().map(({ status }) => status.at(fleet.clock.now())?.state);

async function aSpotInstance(): Promise<{ readonly instanceId: string; readonly market: 'spot' }> {
  const instanceId = await fleet.launch('theirs', PERSISTENT);
  fleet.seconds(600);
  return { instanceId, market: 'spot' };
}

it('the Spot request of an imported instance is tagged with it, so that a policy for what is managed lets us cancel it', async () => {
  const instance = await aSpotInstance();
  await compute.tagAsManaged(REGION, instance, WORKER);
  fleet.seconds(5);
  expect(Object.fromEntries(requests()[0]?.tags.at(fleet.clock.now()) ?? [])).toMatchObject({
    'managed-by': 'cml-fleet',
    'cml-fleet:worker-id': WORKER,
  });
  fleet.world.deny('CancelSpotInstanceRequests', ONLY_OURS);
  await compute.cancelSpotRequests(REGION, WORKER, instance.instanceId);
  expect(states()).toEqual(['cancelled']);
});

it('one that AWS does not let us tag stays, and what lets us cancel it is named when it is to be', async () => {
  const instance = await aSpotInstance();
  await launchOurs();
  const [theirs] = requests();
  fleet.world.failNext({ action: 'CreateTags', applied: false, code: 'Odd', httpStatus: 400 });
  await expect(compute.tagAsManaged(REGION, instance, WORKER)).rejects.toMatchObject({ awsCode: 'Odd' });
  const foreign = new Map([['managed-by', 'cml-fleet']]);
  fleet.world.region(REGION)?.find(instance.instanceId)?.tags.set(fleet.clock.now(), foreign);
  fleet.world.deny('CreateTags', ONLY_OURS);
  fleet.world.deny('CancelSpotInstanceRequests', ONLY_OURS);
  await compute.tagAsManaged(REGION, instance, WORKER);
  await expect(compute.cancelSpotRequests(REGION, WORKER, instance.instanceId)).rejects.toMatchObject({
    ...{ failure: 'rejected', awsCode: 'UnauthorizedOperation' },
    message: expect.stringContaining(
      `aws ec2 create-tags --region ${REGION} --resources ${theirs?.id} --tags Key=managed-by,Value=cml-fleet`,
    ) as string,
  });
  // what is ours is cancelled all the same
  expect(states()).toEqual(['active', 'cancelled']);
});
