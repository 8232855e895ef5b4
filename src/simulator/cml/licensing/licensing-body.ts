import { CISCO_SERVER } from '../../licensing/smart-licensing';
import { type CmlServer } from '../cml-server';
import { authorizationStatus, featuresIn, type LicenseState, registrationStatus } from './license-state';
import { smartTime, timeBody } from './license-times';

/** The answer of `GET /licensing`. */
export function licensingBody(state: LicenseState, server: CmlServer, now: Date) {
  const { registration, authorization, transport } = state;
  return {
    registration: {
      status: registrationStatus(state, now),
      smart_account: registration.smartAccount,
      virtual_account: registration.virtualAccount,
      register_time: timeBody(registration.registerTime),
      renew_time: timeBody(registration.renewTime),
      expires: smartTime(registration.expires),
    },
    authorization: {
      status: authorizationStatus(state, now),
      renew_time: timeBody(authorization.renewTime),
      expires: smartTime(authorization.expires),
    },
    features: featureBodies(state),
    product_license: { active: state.product, is_enterprise: isEnterprise(state) },
    reservation_mode: false,
    transport: {
      ssms: transport.ssms ?? CISCO_SERVER,
      default_ssms: CISCO_SERVER,
      proxy: transport.proxy,
    },
    udi: { hostname: server.hostname, product_uuid: server.computeId },
  };
}

/** The answer of `GET /licensing/features`. */
export function featureBodies(state: LicenseState) {
  return featuresIn(state).map(({ id, name, description, max }) => ({
    ...{ id, name, description, version: '1.0' },
    in_use: state.counts.get(id) ?? 0,
    status: state.featureStatus.get(id) ?? 'INIT',
    ...{ min: 0, max, minEndDate: null, maxEndDate: null },
  }));
}

/** All but the personal editions have the enterprise features. */
export function isEnterprise({ product }: LicenseState): boolean {
  return !product.startsWith('CML_Personal');
}

/** The answer of `GET /licensing/tech_support`: a text for Cisco's support. */
export function techSupport(state: LicenseState, server: CmlServer, now: Date): string {
  return [
    'Smart Licensing Tech Support info',
    '',
    'Registration:',
    `  Status: ${registrationStatus(state, now)}`,
    `  Smart Account: ${state.registration.smartAccount ?? '<none>'}`,
    `  Virtual Account: ${state.registration.virtualAccount ?? '<none>'}`,
    '',
    'License Authorization:',
    `  Status: ${authorizationStatus(state, now)}`,
    `  Expires: ${smartTime(state.authorization.expires) ?? '<none>'}`,
    '',
    `Product Instance: UUID:${server.computeId} HOST:${server.hostname}`,
    '',
  ].join('\n');
}
