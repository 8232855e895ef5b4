import { type Settings } from '../settings';
import { type Insecurity } from './insecurity';

/** Settings that are for trying out: each is safe or not by its value alone. */
export function plainChoices(settings: Settings): Insecurity[] {
  const found: Insecurity[] = [];
  if (settings.FLEET_CML_TLS === 'insecure') {
    found.push({
      name: 'FLEET_CML_TLS',
      fault: 'FLEET_CML_TLS=insecure sends the CML password to whoever answers at the address of a server',
      remedy: 'leave it out (pin), or set verify',
    });
  }
  if (settings.FLEET_PERSISTENCE === 'memory') {
    found.push({
      name: 'FLEET_PERSISTENCE',
      fault: 'FLEET_PERSISTENCE=memory forgets workers, keys and the audit trail at the end',
      remedy: 'leave it out, and name a database by FLEET_MONGODB_URI',
    });
  }
  if (settings.FLEET_CLOCK_SPEED !== 1) {
    found.push({
      name: 'FLEET_CLOCK_SPEED',
      fault: 'FLEET_CLOCK_SPEED other than 1 lets keys, links and idle times end at wrong times',
      remedy: 'leave it out',
    });
  }
  if (settings.FLEET_CLOCK_EPOCH !== undefined) {
    found.push({
      name: 'FLEET_CLOCK_EPOCH',
      fault:
        'FLEET_CLOCK_EPOCH sets a time that is not the real one: keys, links and idle times end at wrong times',
      remedy: 'leave it out',
    });
  }
  return found;
}
