import { HOUR } from '../../kernel/clocks';
import { ACCOUNT, REGION, type SimulatedFleet, startFleet } from '../../simulator/testing/simulated-fleet';
import { type AwsClients } from './aws-clients';
import { Ec2InstanceSource } from './ec2-instance-source';
import { awsClientsFor } from './testing/aws-clients';
import { type ScriptedAws, sendXml, startScriptedAws } from './testing/scripted-aws';

const MANAGED = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'managed-by', Value: 'cml-fleet' }] }];

let fleet: SimulatedFleet;
let clients: AwsClients;
let source: Ec2InstanceSource;
let scripted: ScriptedAws | null;

beforeEach(async () => {
  scripted = null;
  fleet = await startFleet();
  clients = awsClientsFor(fleet.awsEndpoint);
  source = new Ec2InstanceSource(clients, fleet.machine);
});

afterEach(async () => {
  clients.destroy();
  await scripted?.stop();
  await fleet.stop();
});

function callsOf(action: string) {
  return fleet.world.calls.filter((call) => call.action === action);
}

describe('the managed instances', () => {
  it('are those with the tag, in one call', async () => {
    const ours = await fleet.launch('ours', { TagSpecifications: MANAGED });
    await fleet.launch('theirs');
    fleet.seconds(5);

    const readings = await source.listManaged(REGION);

    expect(readings.map(({ instanceId }) => instanceId)).toEqual([ours]);
    expect(callsOf('DescribeInstances')).toHaveLength(1);
    expect(callsOf('DescribeInstances')[0]?.params).toMatchObject({ MaxResults: '1000' });
  });

  it('are all there or none: a page that fails fails the listing', async () => {
    let page = 0;
    scripted = await startScriptedAws((_body, response) => {
      page += 1;
      const item = `<item><instancesSet><item><instanceId>i-${page}</instanceId></item></instancesSet></item>`;
      const next = page < 2 ? '<nextToken>more</nextToken>' : '';
      if (page > 2)
        sendXml(response, 400, '<Response><Errors><Error><Code>Odd</Code></Error></Errors></Response>');
      else sendXml(response, 200, `<R><reservationSet>${item}</reservationSet>${next}</R>`);
    });
    clients = awsClientsFor(scripted.endpoint);
    const paged = new Ec2InstanceSource(clients, fleet.machine);

    expect((await paged.listManaged(REGION)).map(({ instanceId }) => instanceId)).toEqual(['i-1', 'i-2']);
    await expect(paged.listManaged(REGION)).rejects.toMatchObject({ failure: 'rejected', awsCode: 'Odd' });
  });
});

describe('instances by id', () => {
  it('come with the ids that EC2 does not know, and those that are no ids at all', async () => {
    const known = [await fleet.launch('a'), await fleet.launch('b')];
    fleet.seconds(5);
    const strange = ['i-0123456789abcdef0', 'i-0123456789abcdef1', 'i-XYZ'];

    const { found, notFound } = await source.listByIds(REGION, [known[0] ?? '', ...strange, known[1] ?? '']);

    expect(found.map(({ instanceId }) => instanceId)).toEqual(known);
    expect(notFound.toSorted()).toEqual(strange);
  });

  it('are asked for by the hundred', async () => {
    const ids = Array.from({ length: 150 }, (_, n) => `i-${String(n).padStart(17, '0')}`);

    const { found, notFound } = await source.listByIds(REGION, ids);

    expect({ found, unknown: notFound.length }).toEqual({ found: [], unknown: 150 });
    expect(callsOf('DescribeInstances')).toHaveLength(2);
  });

  it('fail together when EC2 refuses for another reason', async () => {
    const fault = { applied: false, code: 'UnauthorizedOperation', httpStatus: 403 };
    fleet.world.failNext({ action: 'DescribeInstances', ...fault });

    await expect(source.listByIds(REGION, ['i-0123456789abcdef0'])).rejects.toMatchObject({
      awsCode: 'UnauthorizedOperation',
    });
  });
});

it('asks for the account once an hour', async () => {
  expect(await source.accountId(REGION)).toBe(ACCOUNT);
  fleet.machine.advance(HOUR - 1);
  await source.accountId(REGION);
  expect(callsOf('GetCallerIdentity')).toHaveLength(1);

  fleet.machine.advance(1);
  await source.accountId(REGION);
  expect(callsOf('GetCallerIdentity')).toHaveLength(2);
});
