import { type CmlCall, type CmlRoute } from './cml-route';
import { isoSeconds } from './cml-times';
import { isLicensed } from './licensing/license-state';
import { isEnterprise } from './licensing/licensing-body';
import { systemStats } from './system-stats';
import { telemetryText } from './telemetry-text';

/** Who is no administrator sees no computes. */
function systemHealth({ host, now, caller }: CmlCall) {
  const { server, license } = host;
  const valid = host.isHealthy(now);
  const compute = {
    hostname: server.hostname,
    is_controller: true,
    admission_state: valid ? 'READY' : 'ONLINE',
    lld_connected: valid,
    valid,
    kvm_vmx_enabled: true,
    enough_cpus: true,
    lld_synced: valid,
    libvirt: true,
    fabric: true,
    device_mux: true,
    refplat_images_available: true,
    docker_shim: true,
  };
  return {
    valid,
    is_licensed: isLicensed(license.state, now),
    is_enterprise: isEnterprise(license.state),
    controller: { core_connected: true, nodes_loaded: true, images_loaded: true, valid },
    computes: caller?.user.admin ? { [server.computeId]: compute } : {},
  };
}

function users({ host: { server } }: CmlCall) {
  return server.users.map((user) => ({
    id: user.id,
    username: user.username,
    fullname: '',
    description: '',
    email: '',
    admin: user.admin,
    groups: [],
    labs: server.labs.filter((lab) => lab.owner.id === user.id).map((lab) => lab.id),
    opt_in: true,
    resource_pool: null,
    created: isoSeconds(user.created),
    modified: isoSeconds(user.created),
  }));
}

/** What the server says about itself as a whole. */
export const SYSTEM_ROUTES: readonly CmlRoute[] = [
  {
    method: 'GET',
    path: '/system_information',
    open: true,
    answer: ({ host, now }) => ({
      status: 200,
      body: {
        version: host.server.version,
        ready: host.saysReady(now),
        allow_ssh_pubkey_auth: false,
        oui: null,
      },
    }),
  },
  { method: 'GET', path: '/system_health', answer: (call) => ({ status: 200, body: systemHealth(call) }) },
  { method: 'GET', path: '/system_stats', answer: (call) => ({ status: 200, body: systemStats(call) }) },
  {
    method: 'GET',
    path: '/telemetry',
    admin: true,
    answer: () => ({ status: 200, body: { opt_in: true, show_modal: false } }),
  },
  {
    method: 'GET',
    path: '/diagnostics/licensing',
    admin: true,
    answer: ({ host: { server }, now }) => {
      const started = server.runningNodes(now);
      return { status: 200, body: { quota: 20, started, user_quota: null, user_started: started } };
    },
  },
  {
    method: 'GET',
    path: '/telemetry/events',
    // Every event since the installation: CML has no filter and no paging here.
    answer: ({ host: { server }, now }) =>
      server.fault === 'telemetry-empty'
        ? { status: 200, body: [] }
        : { status: 200, chunks: telemetryText(server, now) },
  },
  { method: 'GET', path: '/users', answer: (call) => ({ status: 200, body: users(call) }) },
];
