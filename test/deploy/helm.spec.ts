import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES } from '../support/routes';
import { objectsOf, secretSettings, textOf, unknownSettings, yamlOf } from './files';

const CHART = join(__dirname, '../../deploy/helm/cml-fleet');
const MADE_BY_THE_CHART = ['FLEET_HOST', 'FLEET_PORT', 'FLEET_SHUTDOWN_SECONDS'];

interface Variable {
  readonly name: string;
  readonly value: string;
}

describe.each(['defaults', 'everything'])('the chart, rendered with %s', (rendering) => {
  const file = `deploy/helm/rendered/${rendering}.yaml`;
  const objects = objectsOf(file);
  const deployment = objects.get('Deployment');
  const pod = deployment.spec.template.spec;
  const [container] = pod.containers;
  const env = new Map<string, string>(container.env.map(({ name, value }: Variable) => [name, value]));

  it('is of the chart as it is; else: npm run check:deploy -- --write', () => {
    expect(textOf(file).split('\n')[0]).toMatch(new RegExp(`of ${chartHash()}$`));
  });

  it('has two replicas that are not taken away together', () => {
    expect(deployment.spec.replicas).toBe(2);
    expect(objects.get('PodDisruptionBudget').spec.maxUnavailable).toBe(1);
    expect(deployment.spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    const keys = pod.topologySpreadConstraints.map(({ topologyKey }: { topologyKey: string }) => topologyKey);
    expect(keys).toEqual(['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
  });

  it('selects its own pods everywhere', () => {
    const { labels } = deployment.spec.template.metadata;
    const selectors = [
      deployment.spec.selector.matchLabels,
      objects.get('Service').spec.selector,
      objects.get('PodDisruptionBudget').spec.selector.matchLabels,
      objects.get('NetworkPolicy').spec.podSelector.matchLabels,
      ...pod.topologySpreadConstraints.map(
        (one: { labelSelector: { matchLabels: object } }) => one.labelSelector.matchLabels,
      ),
    ];
    for (const selector of selectors) {
      expect(Object.keys(selector)).toHaveLength(2);
      expect(labels).toMatchObject(selector);
    }
  });

  it('takes all rights away that it does not need', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      privileged: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
  });

  it('sets what are settings, and secrets by files that are mounted', () => {
    expect(unknownSettings([...env.keys()])).toEqual([]);
    expect(secretSettings().filter((name) => env.has(name))).toEqual([]);
    const [secrets] = pod.volumes;
    const [mount] = container.volumeMounts;
    const mounted = secrets.secret.items.map(({ path }: { path: string }) => `${mount.mountPath}/${path}`);
    const files = [...env].filter(([name]) => name.endsWith('_FILE')).map(([, value]) => value);
    expect(files.length).toBeGreaterThan(2);
    expect(mounted).toEqual(files);
  });

  it('asks open routes whether it is well, at the port that it serves', () => {
    const port = container.ports[0].containerPort;
    expect(env.get('FLEET_PORT')).toBe(String(port));
    const probes = { startupProbe: 'live', livenessProbe: 'live', readinessProbe: 'ready' };
    for (const [probe, path] of Object.entries(probes)) {
      expect(container[probe].httpGet).toEqual({ path: `/health/${path}`, port: container.ports[0].name });
      expect(ROUTES[`GET /health/${path}`]).toBeNull();
    }
    expect(objects.get('Service').spec.ports[0].targetPort).toBe(container.ports[0].name);
  });

  it('leaves it time to end, after the proxies have heard of it', () => {
    const waits = Number(/, (\d+)\)/.exec(container.lifecycle.preStop.exec.command.join(' '))?.[1]) / 1000;
    const seconds = Number(env.get('FLEET_SHUTDOWN_SECONDS'));
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(seconds + waits);
  });

  it('may not ask the instance metadata service, which would give it the rights of the node', () => {
    const { egress, policyTypes } = objects.get('NetworkPolicy').spec;
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(egress[1].to[0].ipBlock.except).toEqual(['169.254.169.254/32']);
  });
});

describe('the chart with everything', () => {
  const objects = objectsOf('deploy/helm/rendered/everything.yaml');

  it('scrapes a route that there is, and names the role for AWS', () => {
    const [endpoint] = objects.get('ServiceMonitor').spec.endpoints;
    expect(ROUTES[`GET ${endpoint.path}`]).toBe('viewer');
    expect(endpoint.port).toBe(objects.get('Service').spec.ports[0].name);
    const [, job = ''] = /job="([^"]+)"/.exec(textOf('deploy/prometheus/alerts.yml')) ?? [];
    expect(endpoint.relabelings).toEqual([{ targetLabel: 'job', replacement: job }]);
    const { annotations } = objects.get('ServiceAccount').metadata;
    expect(annotations['eks.amazonaws.com/role-arn']).toMatch(/^arn:aws:iam::/);
    expect(objects.get('Ingress').spec.tls).toHaveLength(1);
  });
});

describe('the values of the chart', () => {
  const { properties } = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
  const refused: string[] = properties.settings.propertyNames.allOf[1].not.enum;

  it('may not hold a secret, nor what the chart sets by itself', () => {
    const expected = [
      ...secretSettings(),
      ...MADE_BY_THE_CHART,
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
    ];
    expect([...refused].sort()).toEqual(expected.sort());
  });

  it('are settings, and all that there are stand in the schema', () => {
    const values = yamlOf('deploy/helm/cml-fleet/values.yaml');
    expect(unknownSettings([...Object.keys(values.settings), ...Object.keys(values.secret.files)])).toEqual(
      [],
    );
    expect(Object.keys(properties).filter((name) => name !== 'global')).toEqual(
      expect.arrayContaining(Object.keys(values)),
    );
  });
});

/** As scripts/chart-renderings.mjs makes it, which jest cannot load. */
function chartHash(): string {
  const files = readdirSync(CHART, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path.slice(CHART.length)}\n`).update(readFileSync(path));
  return hash.digest('hex');
}
