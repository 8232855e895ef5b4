import { type Settings } from '../settings';
import { type Insecurity } from './insecurity';
import { weaknessOf } from './weak-secret';

/** Secrets that whoever sets them up makes up: each must look drawn at random. */
export function chosenSecrets(settings: Settings): Insecurity[] {
  const { FLEET_BOOTSTRAP_ADMIN_KEY, FLEET_SECRETS_KEYS, FLEET_NOTICE_WEBHOOK_SECRET } = settings;
  const found: Insecurity[] = [];
  const examine = (name: string, secret: string | undefined, remedy: string) => {
    const weakness = secret === undefined ? null : weaknessOf(secret);
    if (weakness !== null) found.push({ name, fault: `${name} can be guessed: it ${weakness}`, remedy });
  };
  examine('FLEET_BOOTSTRAP_ADMIN_KEY', FLEET_BOOTSTRAP_ADMIN_KEY?.reveal(), 'make one: openssl rand -hex 24');
  // the first one seals and encrypts from now on; the others only read what is there already
  const ring = FLEET_SECRETS_KEYS?.[0]?.key.reveal();
  const newRing =
    'put a new key first, kid:$(openssl rand -base64 32), keep the old one after it, and run rotate-secrets';
  examine('FLEET_SECRETS_KEYS', ring === undefined ? undefined : bytesOf(ring), newRing);
  const signing = FLEET_NOTICE_WEBHOOK_SECRET?.reveal().slice('whsec_'.length);
  const another = 'make one: echo "whsec_$(openssl rand -base64 32)"';
  examine('FLEET_NOTICE_WEBHOOK_SECRET', signing === undefined ? undefined : bytesOf(signing), another);
  return found;
}

/** A character for each byte. */
function bytesOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
