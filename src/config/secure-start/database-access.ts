import { mongo } from 'mongoose';
import { type Secret } from '../../kernel/secret';
import { isLoopbackHost } from '../../kernel/loopback';
import { type Settings } from '../settings';
import { type Insecurity } from './insecurity';

const NAME = 'FLEET_MONGODB_URI';

/**
 * A database on another machine must ask who we are, and be talked to by TLS with a certificate that is checked; sockets
 * of this machine and loopback need neither. The driver's own reading of the URI counts.
 */
export function databaseAccess(settings: Settings): Insecurity[] {
  if (settings.FLEET_PERSISTENCE !== 'mongo') return [];
  const options = optionsOf(settings.FLEET_MONGODB_URI);
  if (options === null) {
    const fault = `${NAME} cannot be read by the database driver, so nobody knows whether it is secure`;
    return [{ name: NAME, fault, remedy: 'correct it: mongodb://user:password@host/cml-fleet?tls=true' }];
  }
  const { hosts, srvHost, credentials, tls } = options;
  const isHere =
    srvHost === undefined && hosts.every(({ host }) => host === undefined || isLoopbackHost(host));
  if (isHere) return [];
  const found: Omit<Insecurity, 'name'>[] = [];
  if (!credentials) {
    found.push({
      fault: `${NAME} names no user: whoever reaches the database reads and writes everything`,
      remedy: 'switch on access control in MongoDB, and write mongodb://user:password@host/…',
    });
  }
  if (!tls) {
    found.push({
      fault: `${NAME} goes to another machine without TLS: passwords and data can be read on their way`,
      remedy:
        'add tls=true (and tlsCAFile); where the network between is one of containers on one machine, accept it',
    });
  } else if (!isCertificateChecked(options)) {
    found.push({
      fault: `${NAME} takes any certificate of the database`,
      remedy:
        'leave out tlsInsecure, tlsAllowInvalidCertificates and tlsAllowInvalidHostnames; set tlsCAFile',
    });
  }
  return found.map((each) => ({ name: NAME, ...each }));
}

/** The driver has no other way to say it; a client that does not connect holds nothing. Null: it cannot read it. */
function optionsOf(uri: Secret): mongo.MongoOptions | null {
  try {
    return new mongo.MongoClient(uri.reveal()).options;
  } catch {
    // its words may quote the URI; at the start the driver says them itself
    return null;
  }
}

function isCertificateChecked({ rejectUnauthorized, checkServerIdentity }: mongo.MongoOptions): boolean {
  return rejectUnauthorized !== false && checkServerIdentity === undefined;
}
