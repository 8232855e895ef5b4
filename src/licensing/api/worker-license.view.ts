import { SECOND } from '../../kernel/clocks';
import { type LicenseKnowledge } from '../application/get-license.query';
import { type WantedLicense } from '../domain/wanted-license';
import { type LicenseView } from './worker-license.schemas';

/** A licence as the API shows it: of tokens their fingerprints only. `now` is fleet time. */
export function toLicenseView(known: LicenseKnowledge, now: Date): LicenseView {
  const { worker, license, observation, operation } = known;
  const { request, registered, failure, leftOver, holding, wanted } = license;
  const values = observation?.values ?? null;
  const readAt = values ? (observation?.observedAt ?? null) : null;
  return {
    workerId: worker.id,
    licenseStatus: worker.licenseStatus,
    desired: wanted && wantedView(wanted),
    requestedBy: request?.by ?? null,
    requestedAt: request?.at ?? null,
    operationId: operation?.id ?? null,
    failure: failure && { code: failure.code, message: failure.message, at: failure.at },
    holding,
    registeredWith: registered && {
      poolId: registered.poolId,
      fingerprint: registered.fingerprint,
      at: registered.at,
    },
    leftOver,
    registration: values?.registration ?? null,
    authorization: values?.authorization ?? null,
    registrationExpires: values?.registrationExpires ?? null,
    authorizationExpires: values?.authorizationExpires ?? null,
    serverFailure: values?.failure ?? null,
    smartAccount: values?.smartAccount ?? null,
    virtualAccount: values?.virtualAccount ?? null,
    productLicense: values?.productLicense ?? null,
    smartServer: values?.smartServer ?? null,
    features: [...(values?.features ?? [])],
    readAt,
    ageSeconds: readAt && Math.max(0, Math.round((now.getTime() - readAt.getTime()) / SECOND)),
  };
}

function wantedView(wanted: WantedLicense): NonNullable<LicenseView['desired']> {
  const { poolId, fingerprint, productLicense, features, reregister } = wanted;
  const source = poolId === null ? 'token' : 'pool';
  return { source, poolId, fingerprint, productLicense, features: [...features], reregister };
}
