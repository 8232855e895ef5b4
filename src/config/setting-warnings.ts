import { isLoopbackHost, isLoopbackUrl } from '../kernel/loopback';
import { type Settings } from './settings';

/** What is allowed but probably not meant: a sentence each, for the log at the start. */
export function warningsAbout(settings: Settings): string[] {
  const warnings: string[] = [];
  if (settings.FLEET_CML_USERNAME === undefined) {
    warnings.push(
      'without FLEET_CML_USERNAME and _PASSWORD only CML servers with an account of their own are read: no other is stopped automatically',
    );
  }
  const tells =
    settings.FLEET_NOTICE_WEBHOOK_URL ?? settings.FLEET_NOTICE_SLACK_URL ?? settings.FLEET_SMTP_URL;
  if (tells && settings.FLEET_PUBLIC_URL === undefined) {
    warnings.push('without FLEET_PUBLIC_URL notices hold no links: nobody can keep a worker by one press');
  }
  if (settings.FLEET_SMTP_URL && settings.FLEET_NOTICE_EMAIL_TO.length === 0) {
    const only =
      'without FLEET_NOTICE_EMAIL_TO only those get e-mails whom idle policies name (notifyEmails)';
    const others = settings.FLEET_NOTICE_WEBHOOK_URL ?? settings.FLEET_NOTICE_SLACK_URL;
    const kept =
      ': a worker whose policy names nobody is not stopped automatically, since nobody can be told';
    warnings.push(others ? only : `${only}${kept}`);
  }
  warnings.push(...openWays(settings));
  if (settings.FLEET_PERSISTENCE === 'memory') {
    warnings.push(
      'FLEET_PERSISTENCE=memory forgets everything at the end: instances that were launched go on unmanaged',
    );
  }
  if (settings.FLEET_CML_TLS === 'insecure') {
    warnings.push(
      'FLEET_CML_TLS=insecure sends the CML password to whoever answers at the address of a server',
    );
  }
  return warnings;
}

/** What goes over a network as it is, for others to protect. */
function openWays(settings: Settings): string[] {
  const { FLEET_HOST, FLEET_TRUSTED_PROXIES, FLEET_SMTP_URL, FLEET_CML_PROXY } = settings;
  const warnings: string[] = [];
  if (!isLoopbackHost(FLEET_HOST) && FLEET_TRUSTED_PROXIES.length === 0) {
    warnings.push(
      `FLEET_HOST=${FLEET_HOST} answers plain HTTP to other machines: put a proxy with TLS before it, and name it in FLEET_TRUSTED_PROXIES`,
    );
  }
  const mail = FLEET_SMTP_URL?.reveal();
  if (mail?.startsWith('smtp:') && new URL(mail).username === '' && !isLoopbackUrl(mail)) {
    warnings.push(
      'FLEET_SMTP_URL without smtps:// and without a user sends notices, with the links that act, by TLS only where the mail server offers it',
    );
  }
  const proxy = FLEET_CML_PROXY === undefined ? null : new URL(FLEET_CML_PROXY);
  if (proxy?.password && !isLoopbackHost(proxy.hostname)) {
    warnings.push('FLEET_CML_PROXY sends its password by plain HTTP to the proxy');
  }
  return warnings;
}
