// What it takes to observe a fleet on EC2: the application over MongoDB and the simulated AWS, with 1,000 and with 10,000
// running workers in four regions.
import { execFile } from 'node:child_process';
import { fileURLToPath, URL } from 'node:url';
import { promisify } from 'node:util';

const PROCESS = fileURLToPath(new URL('sweep-process.mjs', import.meta.url));

async function measure(workers) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    PROCESS,
    String(workers),
  ]);
  const told = stderr.split('\n').filter((line) => line.startsWith('{'));
  if (told.length > 0) console.log(told.slice(0, 5).join('\n'));
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function print({ workers, calls, observed, ...parts }) {
  const thousand = workers / 1_000;
  const described = Object.values(calls).map(
    ({ DescribeInstances: listing, DescribeInstanceStatus: checks }) => `${listing} + ${checks}`,
  );
  console.log(`\n${workers} workers in ${described.length} regions; ${observed} observations stored`);
  console.log(`DescribeInstances + DescribeInstanceStatus per region in one sweep: ${described.join(', ')}`);
  console.log('                                  wall s    cpu s   cpu s / 1,000   RSS over idle MB');
  const names = {
    first: 'first sweep',
    sweep: 'sweep',
    metrics: 'CloudWatch',
    reconciled: 'reconcile',
    judged: 'read for the reaper',
  };
  for (const [part, name] of Object.entries(names)) {
    const { wall, cpu, rss } = parts[part];
    const cells = [
      wall.toFixed(2).padStart(8),
      cpu.toFixed(2).padStart(8),
      (cpu / thousand).toFixed(3).padStart(13),
    ];
    console.log(`${name.padEnd(30)} ${cells.join(' ')} ${rss.toFixed(0).padStart(16)}`);
  }
}

export async function benchSweep() {
  const [small, large] = [await measure(1_000), await measure(10_000)];
  print(small);
  print(large);
  const ratio = (part, of) => (large[part][of] / small[part][of]).toFixed(1);
  console.log(
    `\nten times the workers: ${ratio('sweep', 'wall')} x the time, ${ratio('sweep', 'cpu')} x the processor`,
  );
}
