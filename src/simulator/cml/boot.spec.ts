import { CmlAdmin } from '../testing/cml-admin';
import { CmlBrowser } from '../testing/cml-browser';
import { CML, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';
import { type Timings } from '../simulator-options';

let fleet: SimulatedFleet;
let browser: CmlBrowser;
let id: string;
afterEach(async () => {
  await browser.close();
  await fleet.stop();
});

async function start(timings: Partial<Timings>, type = 'c5.2xlarge'): Promise<void> {
  fleet = await startFleet({ timings });
  browser = new CmlBrowser(fleet);
  id = await fleet.launch('worker', { InstanceType: type as 'c5.metal' });
}

/** `refused`, a status, or what the server says of its readiness. */
async function look(): Promise<string> {
  try {
    const response = await browser.request(id, '/system_information');
    if (response.status !== 200) return `${response.status}`;
    return ((await response.json()) as { ready: boolean }).ready ? 'ready' : 'not ready';
  } catch {
    return 'refused';
  }
}

async function course(seconds: number, step: number): Promise<string[]> {
  const seen: string[] = [];
  for (let at = 0; at <= seconds; at += step) {
    seen.push(await look());
    fleet.seconds(step);
  }
  return seen;
}

it('ends the first boot with a reboot, which brings another certificate', async () => {
  await start({ firstBootRebootSeconds: 60 });
  fleet.seconds(180);
  expect(await look()).toBe('ready');
  const first = (await fleet.world.host(id).certificate.current()).fingerprint;
  fleet.seconds(60);
  expect(await course(160, 40)).toEqual(['refused', '502', 'not ready', 'ready', 'ready']);
  const second = (await fleet.world.host(id).certificate.current()).fingerprint;
  expect(second).not.toBe(first);
  expect(await fleet.stateOf(id)).toBe('running');

  fleet.world.console.stop(id);
  fleet.seconds(60);
  fleet.world.console.start(id);
  fleet.seconds(60 + 120);
  expect(await course(240, 60)).toEqual(['ready', 'ready', 'ready', 'ready', 'ready']);
  expect((await fleet.world.host(id).certificate.current()).fingerprint).toBe(second);
});

it('may take a step back after it said that it is ready', async () => {
  await start({ readyFlapSeconds: 20 });
  fleet.seconds(180);
  expect(await course(50, 10)).toEqual(['ready', 'ready', 'not ready', 'not ready', 'ready', 'ready']);
});

it('is healthy later than it is ready', async () => {
  await start({ healthSeconds: 45 });
  fleet.seconds(180);
  const cml = await CmlAdmin.logIn(browser, id, CML);
  const health = async () => {
    const { valid, controller, computes } = await cml.get<{
      valid: boolean;
      controller: { valid: boolean };
      computes: Record<string, { admission_state: string }>;
    }>('/system_health');
    return [valid, controller.valid, Object.values(computes)[0]?.admission_state];
  };
  expect(await health()).toEqual([false, false, 'ONLINE']);
  fleet.seconds(45);
  expect(await health()).toEqual([true, true, 'READY']);
});

it('takes longer on bare metal', async () => {
  await start({ metalBootSeconds: 300, metalCmlBootFactor: 5 }, 'c5.metal');
  fleet.seconds(300);
  expect(await course(600, 200)).toEqual(['refused', '502', 'not ready', 'ready']);
});
