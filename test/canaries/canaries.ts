import { randomBytes } from 'node:crypto';
import { type Canary } from './canary';

const random = (bytes: number) => randomBytes(bytes).toString('base64url');

/** Of short words between signs, which filters for long words miss, and JSON, URLs and regular expressions escape. */
const password = () =>
  ['"', '.', '\\', 'é', '%', ' ', "'"].map((sign) => `${random(4).slice(0, 5)}${sign}`).join('');

/** As Cisco gives them: base64 in lines, whose ends are escaped as in a URL. */
const token = () => [24, 24, 16].map((bytes) => randomBytes(bytes).toString('base64')).join('%0A');

function keyOfRing(kid: string) {
  const key = randomBytes(32);
  return { kid, key, entry: `${kid}:${key.toString('base64')}` };
}

/** What must be found in every kind of place, and so stands where it may: a name, an id, a path. */
export const EYES = `eyes-${randomBytes(12).toString('hex').slice(0, 23)}`;

/** Secrets that nobody could mistake for anything else, new ones in each run. */
export const SECRETS = {
  fleetPassword: password(),
  ownPassword: password(),
  wrongPassword: password(),
  poolToken: token(),
  rotatedPoolToken: token(),
  ownToken: token(),
  /** Cisco knows nothing of it, and says so */
  unknownToken: token(),
  /** not even CML would take it */
  malformedToken: `no token! ${token()}`,
  adminKey: `admin-${random(30)}`,
  awsSecretKey: randomBytes(30).toString('base64'),
  mailPassword: password(),
  roomPath: random(30),
  noticeSigning: randomBytes(32).toString('base64'),
} as const;

export const RING = { old: keyOfRing(EYES), new: keyOfRing('k2') } as const;

/** All of the above for the search, whatever they are. */
export function knownCanaries(): Canary[] {
  const keys = Object.values(RING).flatMap(({ kid, key }) => [
    { name: `the key ${kid} in base64`, value: key.toString('base64') },
    { name: `the bytes of the key ${kid}`, value: key },
  ]);
  return [...Object.entries(SECRETS).map(([name, value]) => ({ name, value })), ...keys];
}

/** Its signature: header and times are no secret, and alike in tokens of others that are made in the same seconds. */
export function canaryOfJwt(name: string, jwt: string): Canary {
  return { name, value: jwt.slice(jwt.lastIndexOf('.') + 1) };
}
