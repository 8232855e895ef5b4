// A scripted EC2 and CloudWatch in a process of its own: each region has so many running instances, whose pages are made
// once and sent as they are. What the application under measurement takes is its own then, not that of a simulator.
// node bench/ec2-server.mjs <instances a region> <region> …
import { createServer } from 'node:http';
import { URLSearchParams } from 'node:url';

const [count, ...regions] = process.argv.slice(2);
const PAGE = 1_000;
const LAUNCHED = new Date(Date.now() - 3_600_000).toISOString();

export const instanceId = (region, n) =>
  `i-${(regions.indexOf(region) * 100_000 + n).toString(16).padStart(17, '0')}`;

/** An instance with what EC2 says of each, its network interface and its volume: some four kilobytes. */
function instanceXml(region, n) {
  const id = instanceId(region, n);
  const ip = `10.${regions.indexOf(region)}.${n >> 8}.${n & 255}`;
  const publicIp = `52.${regions.indexOf(region)}.${n >> 8}.${n & 255}`;
  const name = publicIp.replaceAll('.', '-');
  const group =
    '<groupSet><item><groupId>sg-0a1b2c3d4e5f60718</groupId><groupName>cml-workers</groupName></item></groupSet>';
  const tags = [
    ['Name', `worker-${n}`],
    ['managed-by', 'cml-fleet'],
    ['cml-fleet:worker', `w-${n}`],
    ['cml-fleet:installation', 'bench'],
    ['team', 'networking'],
  ];
  return `<item><reservationId>r-${id.slice(2)}</reservationId><ownerId>123456789012</ownerId><groupSet/><instancesSet><item>
<instanceId>${id}</instanceId><imageId>ami-0123456789abcdef0</imageId><instanceState><code>16</code><name>running</name></instanceState>
<privateDnsName>ip-${ip.replaceAll('.', '-')}.ec2.internal</privateDnsName><dnsName>ec2-${name}.compute-1.amazonaws.com</dnsName><reason/>
<keyName>fleet</keyName><amiLaunchIndex>0</amiLaunchIndex><productCodes/><instanceType>c5.metal</instanceType><launchTime>${LAUNCHED}</launchTime>
<placement><availabilityZone>${region}a</availabilityZone><groupName/><tenancy>default</tenancy></placement><monitoring><state>disabled</state></monitoring>
<subnetId>subnet-0123456789abcdef0</subnetId><vpcId>vpc-0123456789abcdef0</vpcId><privateIpAddress>${ip}</privateIpAddress><ipAddress>${publicIp}</ipAddress>
<sourceDestCheck>true</sourceDestCheck>${group}<architecture>x86_64</architecture><rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/sda1</rootDeviceName>
<blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-${id.slice(2)}</volumeId><status>attached</status><attachTime>${LAUNCHED}</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>
<virtualizationType>hvm</virtualizationType><clientToken>token-${id}</clientToken><tagSet>${tags.map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`).join('')}</tagSet>
<hypervisor>xen</hypervisor><networkInterfaceSet><item><networkInterfaceId>eni-${id.slice(2)}</networkInterfaceId><subnetId>subnet-0123456789abcdef0</subnetId>
<vpcId>vpc-0123456789abcdef0</vpcId><description/><ownerId>123456789012</ownerId><status>in-use</status><macAddress>02:00:00:00:00:00</macAddress><privateIpAddress>${ip}</privateIpAddress>
<privateDnsName>ip-${ip.replaceAll('.', '-')}.ec2.internal</privateDnsName><sourceDestCheck>true</sourceDestCheck>${group}
<attachment><attachmentId>eni-attach-${id.slice(2)}</attachmentId><deviceIndex>0</deviceIndex><status>attached</status><attachTime>${LAUNCHED}</attachTime><deleteOnTermination>true</deleteOnTermination><networkCardIndex>0</networkCardIndex></attachment>
<association><publicIp>${publicIp}</publicIp><publicDnsName>ec2-${name}.compute-1.amazonaws.com</publicDnsName><ipOwnerId>amazon</ipOwnerId></association>
<privateIpAddressesSet><item><privateIpAddress>${ip}</privateIpAddress><primary>true</primary></item></privateIpAddressesSet><ipv6AddressesSet/><interfaceType>interface</interfaceType></item></networkInterfaceSet>
<ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport><cpuOptions><coreCount>48</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions>
<capacityReservationSpecification><capacityReservationPreference>open</capacityReservationPreference></capacityReservationSpecification><hibernationOptions><configured>false</configured></hibernationOptions>
<metadataOptions><state>applied</state><httpTokens>required</httpTokens><httpPutResponseHopLimit>1</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint></metadataOptions>
<enclaveOptions><enabled>false</enabled></enclaveOptions><platformDetails>Linux/UNIX</platformDetails><usageOperation>RunInstances</usageOperation></item></instancesSet></item>`;
}

function statusXml(region, n) {
  const checks =
    '<status>ok</status><details><item><name>reachability</name><status>passed</status></item></details>';
  return `<item><instanceId>${instanceId(region, n)}</instanceId><availabilityZone>${region}a</availabilityZone><instanceState><code>16</code><name>running</name></instanceState>
<systemStatus>${checks}</systemStatus><instanceStatus>${checks}</instanceStatus></item>`;
}

const pages = new Map();
/** The page of a listing from an offset on, made when it is first asked for. */
function pageOf(action, set, itemOf, region, from) {
  const key = `${action}/${region}/${from}`;
  if (!pages.has(key)) {
    const to = Math.min(from + PAGE, Number(count));
    const items = Array.from({ length: to - from }, (_, n) => itemOf(region, from + n)).join('');
    const next = to < Number(count) ? `<nextToken>${to}</nextToken>` : '';
    pages.set(
      key,
      `<${action}Response><requestId>r</requestId><${set}>${items}</${set}>${next}</${action}Response>`,
    );
  }
  return pages.get(key);
}

function metricData({ MetricDataQueries, EndTime }) {
  const at = Math.floor(EndTime / 300) * 300 - 300;
  const results = MetricDataQueries.map(({ Id }) => ({
    ...{ Id, Label: Id, StatusCode: 'Complete' },
    Timestamps: [at, at - 300, at - 600],
    Values: [12.5, 11.25, 13.75],
  }));
  return JSON.stringify({ MetricDataResults: results, Messages: [] });
}

const calls = {};
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    const region = /[/]([a-z0-9-]+)[/](?:ec2|sts|monitoring)[/]/.exec(request.headers.authorization)?.[1];
    const target = request.headers['x-amz-target'];
    const params = new URLSearchParams(target ? '' : body);
    const action = target ? target.split('.').at(-1) : params.get('Action');
    calls[region] ??= {};
    calls[region][action] = (calls[region][action] ?? 0) + 1;
    const from = Number(params.get('NextToken') ?? 0);
    const xml = (text) => response.writeHead(200, { 'content-type': 'text/xml' }).end(text);
    if (action === 'DescribeInstances') xml(pageOf(action, 'reservationSet', instanceXml, region, from));
    else if (action === 'DescribeInstanceStatus')
      xml(pageOf(action, 'instanceStatusSet', statusXml, region, from));
    else if (action === 'GetMetricData') {
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
        .end(metricData(JSON.parse(body)));
    } else if (action === 'GetCallerIdentity') {
      xml(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    } else response.writeHead(400).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  // the pages are made before anybody measures
  for (const region of regions) {
    for (let from = 0; from < Number(count); from += PAGE) {
      pageOf('DescribeInstances', 'reservationSet', instanceXml, region, from);
      pageOf('DescribeInstanceStatus', 'instanceStatusSet', statusXml, region, from);
    }
  }
  process.send?.({ url: `http://127.0.0.1:${server.address().port}` });
});
/** Whoever asks for it gets how often each region was called. */
process.on('message', () => process.send({ calls }));
process.on('disconnect', () => process.exit());
