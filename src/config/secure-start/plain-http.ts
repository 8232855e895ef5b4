import { Secret } from '../../kernel/secret';
import { isLoopbackUrl } from '../../kernel/loopback';
import { type Settings } from '../settings';
import { type Insecurity } from './insecurity';

/** A proxy is asked for a tunnel by plain http; what goes through it is TLS. */
const MAY_BE_HTTP = 'FLEET_CML_PROXY';

/**
 * Every setting, and every address of the AWS SDK, that names an `http://` URL of another machine: what is sent there can
 * be read and changed on its way. By its form and not by a list of names, so that a new setting cannot be forgotten.
 */
export function plainHttp(settings: Settings, env: NodeJS.ProcessEnv): Insecurity[] {
  const named = Object.entries(settings).filter(([name]) => name !== MAY_BE_HTTP);
  const endpoints = Object.entries(env).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'));
  return [...named, ...endpoints]
    .filter(([, value]) => textsIn(value).some(isPlainHttp))
    .map(([name]) => ({
      name,
      fault: `${name} is an http:// URL: what goes there can be read and changed on its way`,
      remedy: 'give an https:// URL; only addresses of this machine (localhost) may be plain http',
    }));
}

function isPlainHttp(text: string): boolean {
  return /^http:\/\//i.test(text) && !isLoopbackUrl(text);
}

function textsIn(value: unknown): string[] {
  if (value instanceof Secret) return textsIn(value.reveal());
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === 'string' ? [value.trim()] : [];
}
