import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { busy } from './people/people';
import { type SimulatedFleet, startFleet } from './testing/simulated-fleet';

const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2', 'eu-north-1'];

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet({ regions: REGIONS });
});
afterEach(() => fleet.stop());

it('settles in the regions and their zones in turn, and has been running for an hour', async () => {
  fleet.world.cast('*', busy);
  const ids = fleet.world.populate(8, { tags: (n) => ({ Name: `w-${n}` }), type: 'c5.metal' });
  const there = await fleet.describe();
  expect(there).toMatchObject([
    { InstanceId: ids[0], State: { Name: 'running' }, InstanceType: 'c5.metal', Tags: [{ Value: 'w-0' }] },
    { InstanceId: ids[4], Placement: { AvailabilityZone: 'eu-west-1b' }, Tags: [{ Value: 'w-4' }] },
  ]);
  expect(there[0]?.LaunchTime?.toISOString()).toBe('2026-11-23T07:00:00.000Z');
  expect(fleet.world.host(ids[0] ?? '').phase(fleet.clock.now())).toBe('ready');
  expect(fleet.world.hostAt(there[1]?.PublicIpAddress ?? '')?.instance.id).toBe(ids[4]);
});

it('of ten thousand is read page by page', async () => {
  fleet.world.populate(10_000, { tags: (n) => ({ Name: `w-${n}`, 'managed-by': 'cml-fleet' }) });
  const names = new Set<string | undefined>();
  const filter = [{ Name: 'tag:managed-by', Values: ['cml-fleet'] }];
  for (const region of REGIONS) {
    const pages = paginateDescribeInstances(
      { client: fleet.ec2(region), pageSize: 1000 },
      { Filters: filter },
    );
    for await (const page of pages) {
      for (const { Instances } of page.Reservations ?? []) names.add(Instances?.[0]?.Tags?.[0]?.Value);
    }
  }
  expect(names.size).toBe(10_000);
  expect(fleet.world.log.count('DescribeInstances')).toBe(12);
});
