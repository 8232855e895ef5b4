import { readFileSync } from 'node:fs';
import { isLoopbackHost } from '../kernel/loopback';
import { Secret } from '../kernel/secret';
import { type AdminIo } from './admin-io';
import { WrongUsage } from './cli-error';

export interface AccessOptions {
  readonly url?: string;
  readonly key?: string;
  readonly keyFile?: string;
}

export interface ServerAccess {
  readonly url: string;
  readonly key: Secret;
}

const DEFAULT_URL = 'http://127.0.0.1:3000';

/**
 * Where the server is, and the key for it: options go before CML_FLEET_URL, CML_FLEET_KEY and CML_FLEET_KEY_FILE.
 * Warns of ways on which others may see the key. @throws WrongUsage
 */
export function accessOf(options: AccessOptions, { env, err }: AdminIo): ServerAccess {
  const url = urlOf(options.url ?? (env.CML_FLEET_URL || DEFAULT_URL));
  const key = keyOf(options, env);
  if (options.key !== undefined) {
    err(
      'warning: a key on the command line is seen by other users of this machine, and kept in the history of the ' +
        'shell: use CML_FLEET_KEY_FILE, --key-file or CML_FLEET_KEY',
    );
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    err(`warning: the key goes to ${url.host} without encryption: use https`);
  }
  return { url: url.href.replace(/\/+$/, ''), key };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new WrongUsage(`${text} is no URL of a server: give one like https://fleet.example.org`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new WrongUsage('The URL of the server has no user, no query and no fragment; the key goes apart.');
  }
  return url;
}

function keyOf({ key, keyFile }: AccessOptions, env: NodeJS.ProcessEnv): Secret {
  if (key !== undefined && keyFile !== undefined)
    throw new WrongUsage('Give --key or --key-file, one of them.');
  if (key !== undefined) return checked(key, '--key');
  if (keyFile !== undefined) return checked(contentOf(keyFile), keyFile);
  if (env.CML_FLEET_KEY && env.CML_FLEET_KEY_FILE) {
    throw new WrongUsage('CML_FLEET_KEY and CML_FLEET_KEY_FILE are both set: keep one.');
  }
  if (env.CML_FLEET_KEY_FILE) return checked(contentOf(env.CML_FLEET_KEY_FILE), env.CML_FLEET_KEY_FILE);
  if (env.CML_FLEET_KEY) return checked(env.CML_FLEET_KEY, 'CML_FLEET_KEY');
  throw new WrongUsage(
    'There is no key: set CML_FLEET_KEY_FILE (a file that only you can read) or CML_FLEET_KEY.',
  );
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongUsage(`The key's file ${file} cannot be read: ${code ?? String(error)}.`, {
      cause: error,
    });
  }
}

/** A header takes printable ASCII; anything else is no key, and would be shown by the error of who sends it. */
function checked(text: string, source: string): Secret {
  const key = text.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) throw new WrongUsage(`What ${source} holds is no key.`);
  return new Secret(key);
}
