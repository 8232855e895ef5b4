import { type Secret } from '../../kernel/secret';
import { type Deregistration, type FeatureCount, LicensingClient } from '../../licensing';
import { CmlError, type CmlServer, type LicenseValues } from '../../telemetry';
import { type CmlLinks } from './cml-links';
import { accepted, bodyOf, type CmlAnswer, type CmlRequest, refusalOf } from './cml-request';
import { type CmlSession } from './cml-session';
import { licenseValues } from './license-reading';
import { flagIn, numberIn, recordIn, textIn } from './unknown-json';

/** `Cannot de-register when nodes are running.` (cloud-cml, AWS.md) */
const NODES_RUNNING = /\bnodes?\b.*\brunning\b|\brunning\b.*\bnodes?\b/i;
/** `The Product has already been deregistered from Smart Software Licensing.` (the contract of 2.9) */
const NOT_REGISTERED = /\balready\b.*\bde-?registered\b|\bnot\b.*\bregistered\b/i;

/** Licensing over CML's REST API v0 as of 2.9; every 2xx is a success, as from 2.11 on changes answer a body. */
export class CmlLicensingClient extends LicensingClient {
  constructor(private readonly links: CmlLinks) {
    super();
  }

  read(server: CmlServer): Promise<{ readonly license: LicenseValues; readonly licensed: boolean | null }> {
    return this.links.use(server, async ({ session }) => {
      const license = licenseValues(bodyOf(await session.get('/licensing')));
      return { license, licensed: await isLicensed(session) };
    });
  }

  /** Keeps the proxy that the server has, since CML replaces both together. */
  setTransport(server: CmlServer, smartServer: string | null): Promise<void> {
    return this.links.use(server, async ({ session }) => {
      const { transport } = recordIn(bodyOf(await session.get('/licensing')));
      const { default_ssms: standard, proxy } = recordIn(transport);
      const ssms = smartServer ?? textIn(standard);
      const through = { server: textIn(recordIn(proxy)['server']), port: numberIn(recordIn(proxy)['port']) };
      const body = { ...(ssms !== null && { ssms }), proxy: through };
      accepted(await session.send({ method: 'PUT', path: '/licensing/transport', body }));
    });
  }

  /** Asks first which one is active: CML refuses to set the same one again. */
  setProductLicense(server: CmlServer, productLicense: string): Promise<void> {
    return this.links.use(server, async ({ session }) => {
      const { productLicense: active } = licenseValues(bodyOf(await session.get('/licensing')));
      if (active === productLicense) return;
      // the body is a bare JSON string, quotes included
      const body = productLicense;
      accepted(await session.send({ method: 'PUT', path: '/licensing/product_license', body }));
    });
  }

  register(server: CmlServer, token: Secret, reregister: boolean): Promise<void> {
    const body = { token: token.reveal(), reregister };
    return this.change(server, { method: 'POST', path: '/licensing/registration', body, secrets: [token] });
  }

  renewRegistration(server: CmlServer): Promise<void> {
    return this.change(server, { method: 'PUT', path: '/licensing/registration/renew' });
  }

  renewAuthorization(server: CmlServer): Promise<void> {
    return this.change(server, { method: 'PUT', path: '/licensing/authorization/renew' });
  }

  deregister(server: CmlServer): Promise<Deregistration> {
    return this.links.use(server, async ({ session }) => {
      const path = '/licensing/deregistration';
      const answer = await session.send({ method: 'DELETE', path, takes: 'deregistration' });
      if (answer.status === 400) return afterRefusal(answer);
      return accepted(answer).status === 202 ? 'left-over' : 'released';
    });
  }

  /** One or two at a time, as CML wants it. */
  setFeatures(server: CmlServer, counts: readonly FeatureCount[]): Promise<void> {
    const body = counts.map(({ id, count }) => ({ id, count }));
    return this.change(server, { method: 'PATCH', path: '/licensing/features', body });
  }

  private change(server: CmlServer, request: CmlRequest): Promise<void> {
    return this.links.use(server, async ({ session }) => {
      accepted(await session.send(request));
    });
  }
}

/** CML tells only in words which of two things its 400 means. @throws CmlError `nodes-running`, `refused` */
function afterRefusal(answer: CmlAnswer): 'not-registered' {
  const words = answer.description ?? '';
  if (NODES_RUNNING.test(words)) throw refusalOf(answer, 'nodes-running');
  if (NOT_REGISTERED.test(words)) return 'not-registered';
  throw refusalOf(answer);
}

/** Null where health cannot be read while licensing can: it is the lesser of the two. */
async function isLicensed(session: CmlSession): Promise<boolean | null> {
  try {
    const { is_licensed: licensed } = recordIn(bodyOf(await session.get('/system_health')));
    return flagIn(licensed);
  } catch (error) {
    if (error instanceof CmlError && (error.failure === 'refused' || error.failure === 'unreadable'))
      return null;
    throw error;
  }
}
