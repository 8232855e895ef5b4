import { type ScriptedRights, startScriptedRights } from '../adapters/aws/testing/scripted-rights';
import { runCli } from './run-cli';

const RING = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const MEMORY = { FLEET_PERSISTENCE: 'memory', FLEET_REGIONS: 'us-east-1,eu-west-1' };

describe('the doctor', () => {
  let aws: ScriptedRights;

  beforeEach(async () => {
    aws = await startScriptedRights();
    Object.assign(aws.managed, {
      instanceId: 'i-0a1b2c3d4e5f60718',
      spotRequestId: 'sir-0a1b2c3d',
      volumeId: 'vol-0a1b2c3d4e5f60718',
      allocationId: 'eipalloc-0a1b2c3d4e5f60718',
    });
    const endpoints = ['EC2', 'STS', 'CLOUDWATCH'].map(
      (it) => [`AWS_ENDPOINT_URL_${it}`, aws.endpoint] as const,
    );
    const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 's' };
    jest.replaceProperty(process, 'env', { ...Object.fromEntries<string>(endpoints), ...keys });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await aws.stop();
  });

  async function doctor(env: Record<string, string>, ...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      env,
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      now: () => new Date(),
    };
    const status = await runCli(['doctor', ...args], io);
    return { status, out: out.join('\n'), err: err.join('\n') };
  }

  it('finds nothing where all is well', async () => {
    const { status, out } = await doctor(MEMORY);
    expect(status).toBe(0);
    expect(out.split('\n')).toEqual(
      expect.arrayContaining([
        'settings   fit together',
        'database   none, FLEET_PERSISTENCE is memory',
        expect.stringMatching(
          /^us-east-1 {2}account 123456789012, arn:aws:iam::123456789012:user\/fleet; our clock against AWS's: \+[01] s$/,
        ),
        'right                             us-east-1    eu-west-1',
        'ec2:RunInstances                  ok           ok',
        'cloudwatch:GetMetricData          ok           ok',
        'Nothing is missing.',
      ]),
    );
  });

  it('names what is missing, what does not go without it, and what to add', async () => {
    aws.denied.add('ec2:StopInstances').add('cloudwatch:GetMetricData');
    const { status, out } = await doctor(MEMORY);
    expect(status).toBe(1);
    expect(out.split('\n')).toEqual(
      expect.arrayContaining([
        'ec2:StopInstances                 MISSING      MISSING',
        '  ec2:StopInstances: no worker is stopped, idle ones neither (us-east-1, eu-west-1)',
        'SOMETHING IS MISSING.',
      ]),
    );
    const [, policy = ''] = /for us-east-1, .*\n(\{[^]*?\n\})/.exec(out) ?? [];
    expect((JSON.parse(policy) as { Statement: unknown }).Statement).toMatchObject([
      { Sid: 'Metrics', Action: ['cloudwatch:GetMetricData'] },
      { Sid: 'LifeCycleOfManagedInstances', Action: ['ec2:StopInstances'] },
    ]);
  });

  it('does not ask for what the settings do not use, nor about other regions', async () => {
    aws.denied.add('cloudwatch:GetMetricData');
    const { status, out } = await doctor(
      { ...MEMORY, FLEET_CLOUDWATCH_SECONDS: '0' },
      '--region',
      'eu-west-1',
    );
    expect([status, out.includes('GetMetricData'), out.includes('us-east-1')]).toEqual([0, false, false]);
    const { status: wrong, err } = await doctor(MEMORY, '--region', 'mars');
    expect([wrong, err]).toEqual([2, 'mars is not one of FLEET_REGIONS: us-east-1, eu-west-1.']);
  });

  it('warns where nobody can tell, without failing', async () => {
    const nothing = { instanceId: null, spotRequestId: null, volumeId: null, allocationId: null };
    Object.assign(aws.managed, nothing);
    const { status, out } = await doctor(MEMORY, '--region', 'us-east-1');
    expect(status).toBe(0);
    expect(out).toContain('ec2:StopInstances                 cannot tell');
    expect(out).toContain('Nothing is missing, as far as one can tell.');
  });

  it('goes on where settings and database are wrong', async () => {
    const uri = 'mongodb://fleet:pa55@127.0.0.1:9/none?serverSelectionTimeoutMS=50';
    const { status, out } = await doctor({ FLEET_MONGODB_URI: uri, FLEET_COLOUR: 'blue' });
    expect(status).toBe(1);
    expect(out).toContain('settings   CANNOT BE USED\n           - FLEET_COLOUR is not a setting');
    expect(out).toMatch(/database {3}FAILED: .*ECONNREFUSED/);
    expect(out).not.toContain('pa55');
    expect(out).toContain('ec2:RunInstances                  ok');
  });

  it('tells beforehand what production would refuse to start with', async () => {
    const { status, out } = await doctor({ ...MEMORY, NODE_ENV: 'production', FLEET_CML_TLS: 'insecure' });
    expect(status).toBe(1);
    expect(out).toMatch(/CANNOT BE USED\n +- FLEET_CML_TLS=insecure .*\n +- FLEET_PERSISTENCE=memory/);
    const accepted = { FLEET_ALLOW_INSECURE: 'FLEET_PERSISTENCE' };
    const { out: told } = await doctor({ ...MEMORY, ...accepted, NODE_ENV: 'production' });
    expect(told).toContain('accepted by FLEET_ALLOW_INSECURE: FLEET_PERSISTENCE=memory');
  });

  it('fails where AWS does not let us in, or would not soon', async () => {
    aws.now = () => new Date(Date.now() - 400_000);
    const late = await doctor(MEMORY);
    expect([late.status, late.out]).toEqual([
      1,
      expect.stringMatching(/warning .* 40\d s ahead of AWS's in us-east-1/),
    ]);
    aws.account = null;
    const refused = await doctor(MEMORY);
    expect([refused.status, refused.out]).toEqual([1, expect.stringContaining('us-east-1  NOT LET IN: ')]);
  });

  it('answers as JSON, and shows no secret', async () => {
    aws.denied.add('ec2:RunInstances');
    const role = 'arn:aws:iam::210987654321:role/fleet';
    const env = { ...MEMORY, FLEET_SECRETS_KEYS: RING, FLEET_AWS_EXTERNAL_ID: 's3cr3t-id' };
    const { status, out } = await doctor({ ...env, FLEET_AWS_ASSUME_ROLES: `eu-west-1=${role}` }, '--json');
    const report = JSON.parse(out) as {
      ok: boolean;
      toAdd: unknown[];
      regions: { refusal: string | null }[];
    };
    expect([status, report.ok, report.toAdd]).toEqual([
      ...[1, false],
      [{ region: 'us-east-1', policy: expect.objectContaining({ Version: '2012-10-17' }) as object }],
    ]);
    // the scripted STS does not know AssumeRole
    expect(report.regions[1]?.refusal).toContain(`${role} for eu-west-1`);
    expect(out).not.toMatch(/s3cr3t|k1:/);
  });
});
