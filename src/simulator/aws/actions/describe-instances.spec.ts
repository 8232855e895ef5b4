import {
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeInstanceStatusCommand,
  DescribeRegionsCommand,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import { ACCOUNT, REGION, type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

describe('reading', () => {
  it('filters by tag, state and token, with wildcards', async () => {
    const a = await fleet.launch('lab-a', { ClientToken: 'token-a' });
    fleet.seconds(60);
    await fleet.launch('lab-b');
    const other = await fleet.launch('other');
    fleet.seconds(2);
    const found = async (Filters: NonNullable<DescribeInstancesCommandInput['Filters']>) =>
      (await fleet.describe({ Filters })).map((instance) => instance.Tags?.[0]?.Value);
    expect(await found([{ Name: 'tag:Name', Values: ['lab-?'] }])).toEqual(['lab-a', 'lab-b']);
    expect(await found([{ Name: 'instance-state-name', Values: ['running', 'stopped'] }])).toEqual(['lab-a']);
    expect(
      await found([
        { Name: 'tag:Name', Values: ['lab-*', 'other'] },
        { Name: 'instance-state-name', Values: ['pending'] },
      ]),
    ).toEqual(['lab-b', 'other']);
    expect(await found([{ Name: 'client-token', Values: ['token-a'] }])).toEqual(['lab-a']);
    expect(await found([{ Name: 'instance-id', Values: [a, other] }])).toEqual(['lab-a', 'other']);
    await expect(found([{ Name: 'colour', Values: ['red'] }])).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  it('comes in pages', async () => {
    for (let n = 0; n < 12; n += 1) await fleet.launch(`w${n}`);
    fleet.seconds(2);
    const sizes: number[] = [];
    for await (const page of paginateDescribeInstances({ client: fleet.ec2(), pageSize: 5 }, {})) {
      sizes.push(page.Reservations?.length ?? 0);
    }
    expect(sizes).toEqual([5, 5, 2]);
    await expect(fleet.describe({ NextToken: 'nonsense' })).rejects.toMatchObject({
      name: 'InvalidPaginationToken',
    });
  });

  it('sees tags that were added', async () => {
    const id = await fleet.launch('w');
    fleet.seconds(2);
    const tags = [{ Key: 'owner', Value: 'lab team' }];
    await fleet.ec2().send(new CreateTagsCommand({ Resources: [id], Tags: tags }));
    fleet.seconds(2);
    const [instance] = await fleet.describe({ Filters: [{ Name: 'tag-key', Values: ['owner'] }] });
    expect(instance?.Tags).toEqual([{ Key: 'Name', Value: 'w' }, ...tags]);
  });

  it('tells the status of running instances', async () => {
    const id = await fleet.launch('w');
    const statuses = async (IncludeAllInstances: boolean) => {
      const answer = await fleet.ec2().send(new DescribeInstanceStatusCommand({ IncludeAllInstances }));
      return answer.InstanceStatuses?.map(({ InstanceId, InstanceStatus }) => [
        InstanceId,
        InstanceStatus?.Status,
      ]);
    };
    fleet.seconds(2);
    expect(await statuses(false)).toEqual([]);
    expect(await statuses(true)).toEqual([[id, 'not-applicable']]);
    fleet.seconds(60);
    expect(await statuses(false)).toEqual([[id, 'initializing']]);
    fleet.seconds(120);
    expect(await statuses(false)).toEqual([[id, 'ok']]);
  });

  it('lists images by owner and name', async () => {
    const answer = await fleet
      .ec2()
      .send(
        new DescribeImagesCommand({ Owners: ['self'], Filters: [{ Name: 'name', Values: ['cml-2.9*'] }] }),
      );
    expect(answer.Images).toMatchObject([
      {
        ImageId: fleet.world.cmlImage(REGION).id,
        Name: 'cml-2.9.0-ubuntu-24.04',
        OwnerId: ACCOUNT,
        CreationDate: '2026-07-15T09:30:00.000Z',
        State: 'available',
      },
    ]);
    const unknown = new DescribeImagesCommand({ ImageIds: ['ami-0000000000000000f'] });
    await expect(fleet.ec2().send(unknown)).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  });

  it('lists the regions, which are worlds of their own', async () => {
    const { Regions } = await fleet.ec2().send(new DescribeRegionsCommand({}));
    expect(Regions?.map(({ RegionName }) => RegionName)).toEqual([REGION, 'us-east-1']);
    await fleet.launch('w');
    fleet.seconds(2);
    const there = await fleet.ec2('us-east-1').send(new DescribeInstancesCommand({}));
    expect(there.Reservations).toEqual([]);
  });
});
