import * as ipaddr from 'ipaddr.js';
import { Agent } from 'undici';
import { SECOND } from '../../kernel/clocks';
import { isLoopbackHost } from '../../kernel/loopback';
import { type AddressPolicy, BlockedTarget, guardedConnector, isOtherMachine } from '../../outbound';

/** Machine milliseconds for all of an answer. */
const ANSWER_MS = 5 * SECOND;
/** Bytes; key sets of large issuers have some 20 KiB. */
const LARGEST = 256 * 1024;
/** Bytes that are thrown away of an answer that is not wanted, so that its connection can be used again. */
const READ_AT_MOST = 4 * 1024;

/** A document that could not be had, and why: in our own words, which hold nothing of it. */
export class DocumentUnavailable extends Error {
  constructor(url: string, why: string) {
    super(`${url} ${why}`);
    this.name = 'DocumentUnavailable';
  }
}

export interface DocumentsOptions {
  /** whether the issuer is on this machine: then what it names may be here, too, and only then */
  readonly local: boolean;
  /** machine milliseconds for all of an answer */
  readonly timeoutMs?: number;
  /** trusted instead of the public authorities */
  readonly ca?: string;
}

/**
 * JSON documents over https; over http from the machine itself only. An issuer says where its keys are: they are not
 * looked for at metadata services, nor on this machine unless the issuer is here. No redirect is followed, no proxy asked.
 */
export class Documents {
  private readonly agent: Agent;
  private readonly timeoutMs: number;

  constructor({ local, timeoutMs = ANSWER_MS, ca }: DocumentsOptions) {
    this.timeoutMs = timeoutMs;
    const connect = guardedConnector({ policy: policyOf(local), timeoutMs, ...(ca && { ca }) });
    this.agent = new Agent({ maxResponseSize: LARGEST, connect });
  }

  /** @throws DocumentUnavailable */
  async get(url: string): Promise<unknown> {
    if (!isGuarded(url)) throw new DocumentUnavailable(url, 'is not https');
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const text = await this.textOf(url, timeout).catch((error: unknown) => {
      if (error instanceof DocumentUnavailable) throw error;
      throw new DocumentUnavailable(url, timeout.aborted ? 'does not answer in time' : failureOf(error));
    });
    try {
      return JSON.parse(text);
    } catch {
      throw new DocumentUnavailable(url, 'answers what is no JSON');
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async textOf(url: string, signal: AbortSignal): Promise<string> {
    const { origin, pathname, search } = new URL(url);
    const headers = { accept: 'application/json', 'user-agent': 'cml-fleet' };
    const answer = await this.agent.request({
      ...{ origin, path: `${pathname}${search}`, method: 'GET', headers, signal },
    });
    const { statusCode: status, body } = answer;
    if (status === 200) return body.text();
    await body.dump({ limit: READ_AT_MOST });
    const why = status >= 300 && status < 400 ? ': redirects are not followed' : '';
    throw new DocumentUnavailable(url, `answers ${status}${why}`);
  }
}

function policyOf(local: boolean): AddressPolicy {
  const isHere = (address: string) =>
    ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
  return {
    accepts: (address, plain) => (local && isHere(address)) || (!plain && isOtherMachine(address)),
    refusal: 'is at an address that an identity provider is not asked at',
  };
}

/** Whether nobody on the way can change what is fetched from there. */
function isGuarded(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

function failureOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'answers too much';
  if (error instanceof BlockedTarget) return error.message;
  return `does not answer (${String(code ?? name)})`;
}
