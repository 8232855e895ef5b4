import { type LicenseFeature, type LicenseValues } from '../../telemetry';
import { timeIn } from './cml-time';
import { withoutSecrets } from './quoted-words';
import { numberIn, recordIn, textIn } from './unknown-json';

/** The answer of `GET /licensing`, none of whose fields is promised. */
export function licenseValues(answer: unknown): LicenseValues {
  const { registration, authorization, features, product_license: product, transport } = recordIn(answer);
  const { status, smart_account, virtual_account, register_time, renew_time, expires } =
    recordIn(registration);
  const { ssms, default_ssms } = recordIn(transport);
  const server = textIn(ssms);
  return {
    registration: textIn(status),
    authorization: textIn(recordIn(authorization)['status']),
    registrationExpires: timeIn(expires),
    authorizationExpires: timeIn(recordIn(authorization)['expires']),
    failure: failureIn(renew_time) ?? failureIn(register_time),
    smartAccount: textIn(smart_account),
    virtualAccount: textIn(virtual_account),
    productLicense: textIn(recordIn(product)['active']),
    smartServer: server === textIn(default_ssms) ? null : withoutUserinfo(server),
    features: Array.isArray(features) ? features.flatMap(featureIn) : [],
  };
}

/** What people wrote into the URL at the server itself may be a password: it is nobody's to see here. */
function withoutUserinfo(url: string | null): string | null {
  return url?.replace(/\/\/[^/?#]*@/, '//') ?? null;
}

/** In Smart Licensing's words, which may quote the token that it refuses. After a success `OK` stands there. */
function failureIn(time: unknown): string | null {
  const { failure, success } = recordIn(time);
  const words = textIn(failure);
  return words === null || success === 'SUCCESS' ? null : withoutSecrets(words);
}

function featureIn(entry: unknown): LicenseFeature[] {
  const { id, name, in_use, status, min, max } = recordIn(entry);
  const key = textIn(id);
  if (key === null) return [];
  const counts = { inUse: numberIn(in_use), min: numberIn(min), max: numberIn(max) };
  return [{ id: key, name: textIn(name), status: textIn(status), ...counts }];
}
