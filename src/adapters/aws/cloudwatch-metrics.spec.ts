import { REGION, type SimulatedFleet, startFleet } from '../../simulator/testing/simulated-fleet';
import { type AwsClients } from './aws-clients';
import { CloudWatchMetrics } from './cloudwatch-metrics';
import { awsClientsFor } from './testing/aws-clients';
import { type ScriptedAws, startScriptedAws } from './testing/scripted-aws';

let fleet: SimulatedFleet;
let clients: AwsClients;
let scripted: ScriptedAws | null;

beforeEach(async () => {
  scripted = null;
  fleet = await startFleet();
  clients = awsClientsFor(fleet.awsEndpoint);
});

afterEach(async () => {
  clients.destroy();
  await scripted?.stop();
  await fleet.stop();
});

describe('CPU utilisation', () => {
  it('is the newest point of each instance, and nothing where there is none', async () => {
    const running = await fleet.launch('a');
    fleet.minutes(30);
    const young = await fleet.launch('b');

    const found = await new CloudWatchMetrics(clients, fleet.clock).cpuUtilization(REGION, [young, running]);

    expect([...found.keys()]).toEqual([running]);
    expect(found.get(running)).toBeCloseTo(2, 0);
  });

  it('asks for 500 instances at a time', async () => {
    const ids = Array.from({ length: 501 }, (_, n) => `i-${String(n).padStart(17, '0')}`);

    await new CloudWatchMetrics(clients, fleet.clock).cpuUtilization(REGION, ids);

    const sizes = fleet.world.calls.map(({ params }) => (params['MetricDataQueries'] as unknown[]).length);
    expect(sizes).toEqual([500, 1]);
  });

  it('asks nothing for no instances', async () => {
    const found = await new CloudWatchMetrics(clients, fleet.clock).cpuUtilization(REGION, []);

    expect([found.size, fleet.world.calls]).toEqual([0, []]);
  });

  it('follows pages, in whatever order their points are', async () => {
    const at = fleet.clock.now().getTime() / 1000;
    const pages = [
      { Id: 'm0', Timestamps: [at - 600, at - 300], Values: [10, 20], StatusCode: 'PartialData' },
      { Id: 'm0', Timestamps: [at - 900], Values: [90], StatusCode: 'Complete' },
    ];
    scripted = await startScriptedAws((body, response) => {
      const second = body.includes('NextToken');
      const answer = {
        MetricDataResults: [pages[second ? 1 : 0]],
        ...(second ? {} : { NextToken: 'more' }),
      };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    });
    clients = awsClientsFor(scripted.endpoint);

    const found = await new CloudWatchMetrics(clients, fleet.clock).cpuUtilization(REGION, ['i-1']);

    expect([...found]).toEqual([['i-1', 20]]);
    expect(scripted.bodies).toHaveLength(2);
  });

  it('fails as AWS refuses it', async () => {
    fleet.world.failNext({ action: 'GetMetricData', applied: false, code: 'AccessDenied', httpStatus: 403 });

    const reading = new CloudWatchMetrics(clients, fleet.clock).cpuUtilization(REGION, ['i-1']);

    await expect(reading).rejects.toMatchObject({ failure: 'rejected', awsCode: 'AccessDenied' });
  });
});
