import { type CmlCall, type CmlRoute } from './cml-route';
import { isoSeconds, telemetryTime } from './cml-times';
import { systemStats } from './system-stats';

function systemHealth({ host: { server } }: CmlCall) {
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
    is_licensed: true,
    is_enterprise: false,
    controller: { core_connected: true, nodes_loaded: true, images_loaded: true, valid: true },
    computes: { [server.computeId]: compute },
  };
}

/** A server that was never registered and runs in its evaluation time. */
function licensing({ host: { server } }: CmlCall) {
  const never = {
    succeeded: null,
    attempted: null,
    scheduled: null,
    status: null,
    failure: null,
    success: null,
  };
  return {
    registration: {
      status: 'NOT_REGISTERED',
      smart_account: null,
      virtual_account: null,
      register_time: never,
      renew_time: never,
      expires: null,
    },
    authorization: { status: 'EVAL', renew_time: never, expires: null },
    features: [],
    product_license: { active: 'CML_Enterprise', is_enterprise: true },
    reservation_mode: false,
    transport: {
      ssms: 'https://smartreceiver.cisco.com/licservice/license',
      default_ssms: 'https://smartreceiver.cisco.com/licservice/license',
      proxy: { server: null, port: null },
    },
    udi: { hostname: server.hostname, product_uuid: server.computeId },
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
  { method: 'GET', path: '/licensing', answer: (call) => ({ status: 200, body: licensing(call) }) },
  {
    method: 'GET',
    path: '/telemetry/events',
    answer: (call) => ({ status: 200, body: telemetryEvents(call) }),
  },
  { method: 'GET', path: '/users', answer: (call) => ({ status: 200, body: users(call) }) },
];
