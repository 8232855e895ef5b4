import { z } from 'zod';
import { type World } from '../world';
import { cmlAct, performCmlAct } from './cml-act';
import { consoleAct, performAct } from './console-act';
import { type ControlRequest, Refusal, type Routes } from './control-route';
import { LICENSE_ROUTES } from './license-routes';
import { ruleRoutes } from './rule-routes';
import { denial, type ScenarioInput } from './scenario';

const population = z.strictObject({
  count: z.int().min(1).max(100_000),
  /** values may name `{n}`, the number of the instance from 0 on */
  tags: z.record(z.string(), z.string()),
  regions: z.array(z.string()).min(1).optional(),
  type: z.string().optional(),
  state: z.enum(['running', 'stopped']).optional(),
  ageSeconds: z.number().positive().optional(),
});
const recentCalls = z.coerce.number().int().min(1).max(10_000);

const ROUTES: Routes = [
  ...ruleRoutes('faults', (world) => world.faults),
  ...ruleRoutes('cml-faults', (world) => world.cmlFaults),
  ...LICENSE_ROUTES,
  [
    /^\/scenario$/,
    {
      GET: (world) => world.scenarios.report(),
      POST: (world, { body }) => {
        world.scenarios.play(body as ScenarioInput);
        return world.scenarios.report();
      },
    },
  ],
  [/^\/calls$/, { GET: calls }],
  [/^\/cml-calls$/, { GET: cmlCalls }],
  [/^\/instances$/, { GET: instances }],
  [/^\/instances\/([^/]+)\/([^/]+)$/, { POST: act }],
  [/^\/cml\/([^/]+)\/([^/]+)$/, { POST: actOnCml }],
  [/^\/populate$/, { POST: populate }],
  [
    /^\/deny$/,
    {
      POST: (world, { body }) => {
        const { action, ...exception } = denial.parse(body);
        world.deny(action, exception);
        return null;
      },
    },
  ],
  [
    /^\/permit$/,
    {
      POST: (world, { body }) => {
        world.permit(z.strictObject({ action: z.string() }).parse(body).action);
        return null;
      },
    },
  ],
  [
    /^\/throttling$/,
    {
      PUT: (world, { body }) => {
        world.throttle.enabled = z.strictObject({ enabled: z.boolean() }).parse(body).enabled;
        return null;
      },
    },
  ],
];

/** @throws Refusal, ZodError, AwsError */
export function answerControl(world: World, request: ControlRequest): unknown {
  world.scenarios.settle();
  for (const [path, methods] of ROUTES) {
    const found = path.exec(request.url.pathname);
    if (!found) continue;
    const answer = methods[request.method];
    if (!answer) throw new Refusal(405, `${request.method} is not for ${request.url.pathname}.`);
    return answer(world, request, ...found.slice(1));
  }
  throw new Refusal(404, `There is no ${request.url.pathname}.`);
}

function calls(world: World, { url }: ControlRequest): unknown {
  const recent = url.searchParams.get('recent');
  if (recent === null) return world.log.counts();
  return world.calls.slice(-recentCalls.parse(recent));
}

function cmlCalls(world: World, { url }: ControlRequest): unknown {
  return world.cmlLog.recent.slice(-recentCalls.parse(url.searchParams.get('recent') ?? 100));
}

function instances(world: World): unknown {
  const now = world.options.clock.now();
  return world.instances().map((instance) => ({
    id: instance.id,
    region: instance.launch.region,
    name: world.nameOf(instance),
    state: instance.stateAt(now),
    type: instance.type.at(now),
  }));
}

function act(world: World, { body }: ControlRequest, id = '', name = ''): unknown {
  const given = consoleAct.parse({ ...(body as object), act: name });
  if (!world.has(id)) throw new Refusal(404, `There is no instance ${id}.`);
  const now = world.options.clock.now();
  performAct(world.console, id, given, now);
  return { id, state: world.instance(id).stateAt(now) };
}

function actOnCml(world: World, { body }: ControlRequest, id = '', name = ''): unknown {
  const given = cmlAct.parse({ ...(body as object), act: name });
  if (!world.has(id)) throw new Refusal(404, `There is no instance ${id}.`);
  performCmlAct(world.host(id), given, world.options.clock.now());
  return null;
}

function populate(world: World, { body }: ControlRequest): unknown {
  const { count, tags, ...given } = population.parse(body);
  const unknown = given.regions?.find((name) => !world.region(name));
  if (unknown !== undefined) throw new Refusal(400, `The world has no region ${unknown}.`);
  const named = (n: number): Record<string, string> =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, value.replaceAll('{n}', String(n))]));
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ids: world.populate(count, { ...options, tags: named }) };
}
