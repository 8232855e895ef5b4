// What it takes to keep a fleet's CML servers observed: the application over MongoDB, and 2,000 servers over TLS in
// another process, of which one in ten hangs and one in ten answers 502. Takes about six minutes, and is run by name only; with
// OBSERVE_SERVERS=500 by fewer of them.
import { execFile } from 'node:child_process';
import { fileURLToPath, URL } from 'node:url';
import { promisify } from 'node:util';

const PROCESS = fileURLToPath(new URL('observe-process.mjs', import.meta.url));
const SERVERS = Number(process.env.OBSERVE_SERVERS ?? 2_000);
const WARM_UP_SECONDS = 120;
const SECONDS = 180;

async function measure() {
  const given = ['--expose-gc', PROCESS, SERVERS, WARM_UP_SECONDS, SECONDS].map(String);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, given);
  const told = stderr.split('\n').filter((line) => line.startsWith('{'));
  if (told.length > 0) console.log(told.slice(0, 5).join('\n'));
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function print({ servers, bad, good, seconds, ages, observations, cpu, ...more }) {
  console.log(
    `\n${servers} CML servers, of which ${bad} hang and ${bad} answer 502; ${seconds} s after the warm-up`,
  );
  console.log(`age of what is known of the ${good} others, s`);
  console.log('                interval      p50      p99      max   never late');
  for (const [source, { interval, p50, p99, max, inTime }] of Object.entries(ages)) {
    const cells = [interval.toFixed(0), p50.toFixed(1), p99.toFixed(1), max.toFixed(1)];
    const share = inTime === null ? 'n/a' : `${(inTime * 100).toFixed(1)} %`;
    console.log(
      `${source.padEnd(14)} ${cells.map((cell) => cell.padStart(8)).join(' ')} ${share.padStart(12)}`,
    );
  }
  const [idle, rss] = more.rss.map((megabytes) => megabytes.toFixed(0));
  const per = (of) => ((of / observations) * 1_000).toFixed(2);
  console.log(
    `${observations} observations; cpu s / 1,000: ${per(cpu)}, of the simulator ${per(more.simulatorCpu)}`,
  );
  console.log(
    `processor in use: ${((cpu / seconds) * 100).toFixed(0)} % of one core; event loop late by ${more.loopMs.toFixed(0)} ms (p99)`,
  );
  console.log(`RSS ${rss} MB, idle ${idle} MB; ${more.logins} logins since the start`);
  console.log('each has 10 labs, 300 events of telemetry, and no latency of its own');
  console.log(
    'not in it: the sweep of EC2, CloudWatch, reconciling, the reaper, licences as operations, and the API',
  );
}

export async function benchObserve() {
  print(await measure());
}
