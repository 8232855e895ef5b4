import { type Leftover, type ResourceKind } from '../../orphans';
import { ACCOUNT, REGION } from '../../simulator/testing/simulated-fleet';
import { type AwsClients } from './aws-clients';
import { Ec2Leftovers } from './ec2-leftovers';
import { awsClientsFor } from './testing/aws-clients';
import { type ScriptedAws, sendXml, startScriptedAws } from './testing/scripted-aws';

let aws: ScriptedAws;
let clients: AwsClients;
let source: Ec2Leftovers;
/** what is answered, in order; after the last one always that */
let answers: (string | [status: number, code: string])[];

beforeEach(async () => {
  aws = await startScriptedAws((_body, response) => {
    const answer = answers.length > 1 ? (answers.shift() ?? '') : (answers[0] ?? '');
    if (typeof answer === 'string') return sendXml(response, 200, `<R>${answer}</R>`);
    const [status, code] = answer;
    const error = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
    sendXml(response, status, `<Response><Errors>${error}</Errors></Response>`);
  });
  clients = awsClientsFor(aws.endpoint);
  source = new Ec2Leftovers(clients);
});
afterEach(async () => {
  clients.destroy();
  await aws.stop();
});

const sent = () => aws.bodies.map((body) => Object.fromEntries(new URLSearchParams(body)));
const tag = (key: string, value: string) => `<item><key>${key}</key><value>${value}</value></item>`;
const TAGS = `<tagSet>${tag('managed-by', 'cml-fleet')}${tag('cml-fleet:worker-id', 'w-1')}${tag('cml-fleet:installation-id', 'here')}${tag('Name', 'lab')}</tagSet>`;

const instance = (id: string, more = TAGS) =>
  `<item><ownerId>${ACCOUNT}</ownerId><instancesSet><item><instanceId>${id}</instanceId><instanceState><code>16</code><name>running</name></instanceState><instanceType>c5.metal</instanceType><launchTime>2027-01-15T08:00:00.000Z</launchTime><clientToken>t-1</clientToken><ipAddress>203.0.113.7</ipAddress>${more}</item></instancesSet></item>`;
const instances = (...items: string[]) => `<reservationSet>${items.join('')}</reservationSet>`;
const volume = (id: string, status: string, more = TAGS) =>
  `<item><volumeId>${id}</volumeId><size>64</size><status>${status}</status><createTime>2027-01-15T08:00:00.000Z</createTime>${more}</item>`;
const volumes = (...items: string[]) => `<volumeSet>${items.join('')}</volumeSet>`;
const address = (id: string, more = TAGS) =>
  `<item><allocationId>${id}</allocationId><publicIp>203.0.113.9</publicIp>${more}</item>`;
const addresses = (...items: string[]) => `<addressesSet>${items.join('')}</addressesSet>`;

const TAGGED = { isManaged: true, workerId: 'w-1', installationId: 'here', name: 'lab' };
const SINCE = new Date('2027-01-15T08:00:00.000Z');

describe('instances', () => {
  it('are listed by our tag, all pages, with what tells whose they are', async () => {
    const gone = instance('i-2', '').replace(
      '<code>16</code><name>running',
      '<code>48</code><name>terminated',
    );
    answers = [`${instances(instance('i-1'))}<nextToken>more</nextToken>`, instances(gone)];
    expect(await source.list('instance-without-worker', REGION)).toEqual([
      {
        ...{ ...TAGGED, resourceId: 'i-1', awsInstanceId: 'i-1', instanceType: 'c5.metal' },
        ...{ status: 'running', isLoose: true, since: SINCE, clientToken: 't-1' },
        ...{ publicIp: '203.0.113.7', sizeGiB: null },
      } satisfies Leftover,
      expect.objectContaining({
        ...{ resourceId: 'i-2', status: 'terminated', isLoose: false },
        ...{ isManaged: false, workerId: null, installationId: null, name: null },
      }),
    ]);
    expect(sent()).toMatchObject([
      { Action: 'DescribeInstances', 'Filter.1.Name': 'tag:managed-by', 'Filter.1.Value.1': 'cml-fleet' },
      { NextToken: 'more' },
    ]);
  });

  it('are all there or none: a page that fails fails the listing', async () => {
    answers = [`${instances(instance('i-1'))}<nextToken>more</nextToken>`, [400, 'Odd']];
    await expect(source.list('instance-without-worker', REGION)).rejects.toMatchObject({ awsCode: 'Odd' });
  });

  it('are terminated by id', async () => {
    answers = ['<spotInstanceRequestSet/>', '<instancesSet/>'];
    await source.remove('instance-without-worker', REGION, 'i-1');
    expect(sent()).toMatchObject([
      { 'Filter.2.Name': 'instance-id', 'Filter.2.Value.1': 'i-1' },
      { Action: 'TerminateInstances', 'InstanceId.1': 'i-1' },
    ]);
  });

  it('are terminated only when their Spot request is cancelled: it would bring another one', async () => {
    const request = `<spotInstanceRequestSet><item><spotInstanceRequestId>sir-1</spotInstanceRequestId>${TAGS}</item></spotInstanceRequestSet>`;
    answers = [request, [400, 'Odd']];
    const removal = source.remove('instance-without-worker', REGION, 'i-1');
    await expect(removal).rejects.toMatchObject({ awsCode: 'Odd' });
    answers = [request, '<spotInstanceRequestSet/>', '<instancesSet/>'];
    await source.remove('instance-without-worker', REGION, 'i-1');
    expect(sent().slice(1)).toMatchObject([
      { Action: 'CancelSpotInstanceRequests', 'SpotInstanceRequestId.1': 'sir-1' },
      { Action: 'DescribeSpotInstanceRequests' },
      { Action: 'CancelSpotInstanceRequests' },
      { Action: 'TerminateInstances' },
    ]);
  });
});

describe('volumes', () => {
  it('are listed by our tag where nothing has them, all pages', async () => {
    answers = [`${volumes(volume('vol-1', 'available'))}<nextToken>more</nextToken>`, volumes()];
    expect(await source.list('volume', REGION)).toEqual([
      {
        ...{ ...TAGGED, resourceId: 'vol-1', awsInstanceId: null, instanceType: null },
        ...{ status: 'available', isLoose: true, since: SINCE, clientToken: null },
        ...{ publicIp: null, sizeGiB: 64 },
      } satisfies Leftover,
    ]);
    expect(sent()).toMatchObject([
      {
        ...{ Action: 'DescribeVolumes', 'Filter.1.Name': 'tag:managed-by' },
        ...{ 'Filter.2.Name': 'status', 'Filter.2.Value.1': 'available' },
      },
      { NextToken: 'more' },
    ]);
  });

  it('that are attached again are not loose', async () => {
    const attached = '<attachmentSet><item><instanceId>i-9</instanceId></item></attachmentSet>';
    answers = [volumes(volume('vol-1', 'in-use', attached))];
    expect(await source.find('volume', REGION, 'vol-1')).toMatchObject({
      ...{ isLoose: false, status: 'in-use', awsInstanceId: 'i-9' },
    });
    expect(sent()).toMatchObject([{ 'VolumeId.1': 'vol-1' }]);
  });

  it('are deleted by id', async () => {
    answers = ['<return>true</return>'];
    await source.remove('volume', REGION, 'vol-1');
    expect(sent()).toMatchObject([{ Action: 'DeleteVolume', VolumeId: 'vol-1' }]);
  });
});

describe('addresses', () => {
  it('are listed by our tag; those that something uses are not loose', async () => {
    const used = [
      '<associationId>a-1</associationId>',
      '<networkInterfaceId>eni-1</networkInterfaceId>',
      '<instanceId>i-1</instanceId>',
    ].map((use, index) => address(`eipalloc-${index}`, use));
    answers = [addresses(address('eipalloc-9'), ...used)];
    const found = await source.list('address', REGION);
    expect(found[0]).toEqual({
      ...{ ...TAGGED, resourceId: 'eipalloc-9', awsInstanceId: null, instanceType: null },
      ...{ status: 'not associated', isLoose: true, since: null, clientToken: null },
      ...{ publicIp: '203.0.113.9', sizeGiB: null },
    } satisfies Leftover);
    expect(found.slice(1).map(({ isLoose }) => isLoose)).toEqual([false, false, false]);
    expect(sent()).toMatchObject([{ Action: 'DescribeAddresses', 'Filter.1.Name': 'tag:managed-by' }]);
  });

  it('are released by id', async () => {
    answers = ['<return>true</return>'];
    await source.remove('address', REGION, 'eipalloc-1');
    expect(sent()).toMatchObject([{ Action: 'ReleaseAddress', AllocationId: 'eipalloc-1' }]);
  });
});

it.each<[ResourceKind, string]>([
  ['instance-without-worker', 'InvalidInstanceID.NotFound'],
  ['volume', 'InvalidVolume.NotFound'],
  ['address', 'InvalidAllocationID.NotFound'],
])('what EC2 does not know: %s is null, and gone already', async (kind, code) => {
  answers = [[400, code]];
  expect(await source.find(kind, REGION, 'x-1')).toBeNull();
  if (kind === 'instance-without-worker') answers = ['<spotInstanceRequestSet/>', [400, code]];
  await source.remove(kind, REGION, 'x-1');
  answers = [[403, 'UnauthorizedOperation']];
  await expect(source.find(kind, REGION, 'x-1')).rejects.toMatchObject({ code: 'aws-refused' });
  await expect(source.remove(kind, REGION, 'x-1')).rejects.toMatchObject({ code: 'aws-refused' });
});
