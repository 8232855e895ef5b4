import { randomBytes } from 'node:crypto';
import { readSettings } from '../../src/config/read-settings';
import { judgeStart } from '../../src/config/secure-start/secure-start';
import { settingsSchema } from '../../src/config/settings';
import { ROUTES } from '../support/routes';
import { secretSettings, textOf, unknownSettings, yamlOf } from './files';

const PORT = settingsSchema.shape.FLEET_PORT.parse(undefined);

describe('docker-compose.yml', () => {
  const { services, secrets, networks } = yamlOf('docker-compose.yml');
  const app = services['cml-fleet'];

  it('sets what are settings, and secrets by files only', () => {
    const names = Object.keys(app.environment);
    expect(unknownSettings(names)).toEqual([]);
    // credentials that people bring from their own environment
    const brought = ['FLEET_CML_PASSWORD', 'FLEET_SMTP_URL'];
    expect(names.filter((name) => secretSettings().includes(name))).toEqual(brought);
    expect(app.environment.FLEET_SMTP_URL).toBe('smtp://mail:1025');
  });

  it('is accepted by the secure start, since its image runs in production', () => {
    expect(textOf('Dockerfile')).toContain('ENV NODE_ENV=production');
    const random = (bytes: number, encoding: 'hex' | 'base64') => randomBytes(bytes).toString(encoding);
    const uri = /mongodb:\/\/[^\\]+/.exec(textOf('deploy/compose/make-secrets.sh'))?.[0] ?? '';
    const files: Record<string, string> = {
      FLEET_MONGODB_URI: uri.replace('%s', random(24, 'hex')),
      FLEET_BOOTSTRAP_ADMIN_KEY: random(24, 'hex'),
      FLEET_SECRETS_KEYS: `k1:${random(32, 'base64')}`,
    };
    const given = Object.entries<string | number>(app.environment)
      .filter(([name]) => !name.endsWith('_FILE'))
      .map(([name, value]) => [name, String(value).replace(/\$\{\w+:-(.*?)\}/, '$1')]);
    const settings = readSettings({ ...Object.fromEntries(given), ...files });
    const { refused, accepted } = judgeStart(settings, { NODE_ENV: 'production' });
    expect(refused).toEqual([]);
    expect(settings.FLEET_NOTICE_EMAIL_TO).not.toEqual([]);
    // the database is in a network of its own on this machine
    expect(accepted).toEqual([
      expect.stringContaining('FLEET_MONGODB_URI goes to another machine without TLS'),
    ]);
  });

  it('mounts the secrets that make-secrets.sh makes, and each service names them', () => {
    const made = textOf('deploy/compose/make-secrets.sh');
    for (const [name, { file }] of Object.entries<{ file: string }>(secrets)) {
      expect(file).toBe(`deploy/compose/secrets/${name}`);
      expect(made).toContain(`if lacks ${name};`);
    }
    for (const service of Object.values<{ environment?: object; secrets?: string[] }>(services)) {
      const files = Object.values(service.environment ?? {}).filter((value) =>
        String(value).startsWith('/run/secrets/'),
      );
      for (const file of files) expect(service.secrets).toContain(String(file).slice('/run/secrets/'.length));
    }
  });

  it('gives the application longer to end than it takes, and no way to change itself', () => {
    expect(parseInt(app.stop_grace_period)).toBeGreaterThan(app.environment.FLEET_SHUTDOWN_SECONDS);
    for (const name of ['cml-fleet', 'metrics-key', 'mail', 'prometheus']) {
      const service = services[name];
      expect([name, service.read_only, service.cap_drop]).toEqual([name, true, ['ALL']]);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
    }
  });

  it('publishes nothing beyond this machine, and the database not at all', () => {
    for (const [name, { ports = [] }] of Object.entries<{ ports?: string[] }>(services)) {
      for (const port of ports) expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
    }
    expect(services.mongo.ports).toBeUndefined();
    expect([services.mongo.networks, networks.data.internal]).toEqual([['data'], true]);
    expect(app.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`]);
  });

  it('runs MongoDB as a replica set that asks who one is', () => {
    const { command, environment } = services.mongo;
    expect(command).toEqual(expect.arrayContaining(['--replSet', 'rs0', '--keyFile']));
    expect(environment.MONGO_INITDB_ROOT_PASSWORD_FILE).toBeDefined();
    expect(textOf('deploy/compose/mongo-health.js')).toContain("_id: 'rs0'");
    expect(textOf('deploy/compose/make-secrets.sh')).toContain('replicaSet=rs0');
  });

  it('has Prometheus scrape a route that there is, by a key in the file that is made for it', () => {
    const [job] = yamlOf('deploy/prometheus/prometheus.yml').scrape_configs;
    expect(ROUTES[`GET ${job.metrics_path}`]).toBe('viewer');
    expect(job.static_configs).toEqual([{ targets: [`cml-fleet:${PORT}`] }]);
    const [folder, file] = ['/run/keys', 'metrics'];
    expect(job.authorization).toEqual({ type: 'Bearer', credentials_file: `${folder}/${file}` });
    expect(services.prometheus.volumes).toContain(`keys:${folder}:ro`);
    expect(services['metrics-key'].volumes).toEqual(['keys:/keys']);
    expect(services['metrics-key'].command.at(-1)).toContain(`--role viewer --out /keys/${file}`);
  });
});

describe('the Dockerfile', () => {
  const text = textOf('Dockerfile');
  const [, , last = ''] = text.split(/^FROM \$\{NODE_IMAGE\}/m).slice(1);

  it('runs as a user that is not root, and has no tools to build with', () => {
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).not.toMatch(/npm (ci|install)/);
    expect(text).toContain('npm ci --omit=dev --ignore-scripts');
    expect(last.match(/^COPY .*/gm)).toEqual([
      'COPY --from=dependencies /app/node_modules node_modules',
      'COPY --from=build /app/dist dist',
      'COPY package.json LICENSE ./',
    ]);
  });

  it('asks a route for its health that is open, at the port that it serves', () => {
    const [, path = ''] = /FLEET_PORT \|\| \d+\) \+ '([^']+)'/.exec(last) ?? [];
    expect([path, ROUTES[`GET ${path}`]]).toEqual(['/health/ready', null]);
    expect(last).toMatch(new RegExp(`^EXPOSE ${PORT}$`, 'm'));
    expect(last).toContain(`FLEET_PORT=${PORT}`);
  });

  it('is built of what is named, so that nothing that lies about gets in', () => {
    expect(textOf('.dockerignore')).toMatch(/^\*$/m);
  });

  it('has its base by an exact tag', () => {
    expect(text).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-bookworm-slim$/m);
  });
});
