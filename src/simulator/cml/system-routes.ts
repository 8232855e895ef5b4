import { type CmlCall, type CmlRoute } from './cml-route';
import { isoSeconds, telemetryTime } from './cml-times';
import { isLicensed } from './licensing/license-state';
import { isEnterprise } from './licensing/licensing-body';
import { systemStats } from './system-stats';

/** Who is no administrator sees no computes. */
function systemHealth({ host: { server, license }, now, caller }: CmlCall) {
  const compute = {
    hostname: server.hostname,
    is_controller: true,
    admission_state: 'READY',
    lld_connected: true,
    valid: true,
    kvm_vmx_enabled: true,
    enough_cpus: true,
    lld_synced: true,
    libvirt: true,
    fabric: true,
    device_mux: true,
    refplat_images_available: true,
    docker_shim: true,
  };
  return {
    valid: true,
    is_licensed: isLicensed(license.state, now),
    is_enterprise: isEnterprise(license.state),
    controller: { core_connected: true, nodes_loaded: true, images_loaded: true, valid: true },
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

/** Every event since the installation: CML has no filter and no paging here. */
function telemetryEvents({ host: { server } }: CmlCall) {
  if (server.fault === 'telemetry-empty') return [];
  return server.telemetry.map(({ category, at, data }, index) => ({
    category,
    timestamp: telemetryTime(at, index),
    data,
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
        ready: host.phase(now) === 'ready',
        allow_ssh_pubkey_auth: false,
        oui: null,
      },
    }),
  },
  { method: 'GET', path: '/system_health', answer: (call) => ({ status: 200, body: systemHealth(call) }) },
  { method: 'GET', path: '/system_stats', answer: (call) => ({ status: 200, body: systemStats(call) }) },
  {
    method: 'GET',
    path: '/telemetry/events',
    answer: (call) => ({ status: 200, body: telemetryEvents(call) }),
  },
  { method: 'GET', path: '/users', answer: (call) => ({ status: 200, body: users(call) }) },
];
