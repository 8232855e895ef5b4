import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Secret } from '../../../kernel/secret';
import { INSTALLATION_TAG, MANAGED_BY, MANAGED_BY_TAG } from '../../../workers';
import {
  ACCOUNT,
  CREDENTIALS,
  REGION,
  type SimulatedFleet,
  startFleet,
} from '../../../simulator/testing/simulated-fleet';
import { AssumedRoles } from '../assumed-roles';
import { AwsClients } from '../aws-clients';
import { Ec2InstanceSource } from '../ec2-instance-source';
import { callsOf } from '../testing/aws-clients';
import { examineRegion } from './examine-region';
import { NEEDED_RIGHTS } from './needed-rights';

const THEIRS = 'us-east-1';
const OTHER = '210987654321';
const ROLE = `arn:aws:iam::${OTHER}:role/fleet-manager`;
const TIMEOUTS = { connectionTimeoutMs: 10_000, requestTimeoutMs: 20_000 };

let fleet: SimulatedFleet;
let clients: AwsClients;

const clientsWith = (externalId: string) => {
  const endpoint = fleet.awsEndpoint;
  const options = { ...TIMEOUTS, endpoint, credentials: CREDENTIALS };
  const roles = new AssumedRoles({
    ...{ ...options, externalId: new Secret(externalId) },
    roles: [{ region: THEIRS, roleArn: ROLE }],
  });
  return new AwsClients({ ...options, roles }, callsOf());
};

beforeEach(async () => {
  fleet = await startFleet({
    regions: [REGION, THEIRS],
    regionAccounts: { [THEIRS]: OTHER },
    roles: [{ arn: ROLE, externalId: 'ours' }],
  });
  clients = clientsWith('ours');
});
afterEach(async () => {
  clients.destroy();
  await fleet.stop();
});

describe('a region that is reached by a role', () => {
  const accountOf = async (region: string) =>
    (await clients.of(region).sts.send(new GetCallerIdentityCommand({}))).Account;
  const assumed = () => fleet.world.calls.filter(({ action }) => action === 'AssumeRole').length;

  it('is of the account of the role, and the others stay of ours', async () => {
    expect([await accountOf(THEIRS), await accountOf(REGION)]).toEqual([OTHER, ACCOUNT]);
    fleet.world.populate(1, { regions: [THEIRS], tags: () => ({ [MANAGED_BY_TAG]: MANAGED_BY }) });
    const { instances } = await new Ec2InstanceSource(clients, fleet.machine).listManaged(THEIRS);
    expect(instances.map(({ accountId }) => accountId)).toEqual([OTHER]);
    expect(assumed()).toBe(1);
  });

  it('goes on where AWS ends the session before its time', async () => {
    await accountOf(THEIRS);
    fleet.world.identities.expireSessions();
    expect(await accountOf(THEIRS)).toBe(OTHER);
    expect(assumed()).toBe(2);
  });

  it('tells where AWS refuses the role', async () => {
    const wrong = clientsWith('theirs');
    const found = await examineRegion(wrong.of(THEIRS), THEIRS, {
      rights: NEEDED_RIGHTS,
      now: () => new Date(),
    });
    wrong.destroy();
    expect(found.identity).toBeNull();
    expect(found.refusal).toMatch(`${ROLE} for ${THEIRS} (AccessDenied)`);
  });
});

describe('the rights in a simulated region', () => {
  const examine = async () => {
    const options = { rights: NEEDED_RIGHTS, now: () => new Date() };
    const { rights } = await examineRegion(clients.of(REGION), REGION, options);
    return Object.fromEntries(rights.map(({ action, verdict }) => [action, verdict]));
  };
  const launchManaged = async () => {
    const Tags = [
      { Key: MANAGED_BY_TAG, Value: MANAGED_BY },
      { Key: INSTALLATION_TAG, Value: 'x' },
    ];
    await fleet.launch('m', {
      TagSpecifications: ['instance', 'volume'].map((ResourceType) => ({ ResourceType, Tags })) as never,
    });
    fleet.minutes(2);
  };

  it('are there, and trying them changes nothing', async () => {
    await launchManaged();
    const before = await fleet.describe();
    const found = await examine();
    expect(await fleet.describe()).toEqual(before);
    expect(Object.entries(found).filter(([, verdict]) => verdict === 'missing')).toEqual([]);
  });

  it.each(NEEDED_RIGHTS.map(({ action }) => action))('lack %s when it alone is denied', async (action) => {
    await launchManaged();
    fleet.world.deny(action.split(':')[1] ?? '');
    const found = await examine();
    expect(Object.keys(found).filter((it) => found[it] === 'missing')).toEqual([action]);
  });

  it('are told even where nothing is managed yet', async () => {
    fleet.world.deny('StopInstances');
    expect(await examine()).toMatchObject({
      'ec2:StopInstances': 'missing',
      'ec2:StartInstances': 'unknown',
      'ec2:RunInstances': 'ok',
    });
  });
});
