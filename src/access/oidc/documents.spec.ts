import { once } from 'node:events';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { Documents } from './documents';

describe('a document over https', () => {
  it('is taken only from a server whose certificate is trusted and has its name', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'login' }], {
      ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256' },
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    });
    const server = createServer({ cert, key }, (_request, response) => void response.end('{"keys":[]}'));
    server.listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const get = async (host: string, ca?: string) => {
      const documents = new Documents({ local: true, ca });
      try {
        return await documents.get(`https://${host}:${port}/keys`);
      } catch (error) {
        return (error as Error).message;
      } finally {
        await documents.close();
      }
    };
    try {
      expect(await get('localhost', cert)).toEqual({ keys: [] });
      expect(await get('localhost')).toContain('does not answer (DEPTH_ZERO_SELF_SIGNED_CERT)');
      expect(await get('127.0.0.1', cert)).toContain('does not answer (ERR_TLS_CERT_ALTNAME_INVALID)');
    } finally {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  });

  it('is not asked for over http, but from this machine itself', async () => {
    const documents = new Documents({ local: true });
    for (const host of ['login.example.com', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com']) {
      await expect(documents.get(`http://${host}/keys`)).rejects.toThrow('is not https');
    }
    await documents.close();
  });

  it('is looked for on this machine only where the issuer is, and never at a metadata service', async () => {
    const there = new Documents({ local: false });
    await expect(there.get('https://127.0.0.1:9/keys')).rejects.toThrow('is not asked at');
    await expect(there.get('https://localhost:9/keys')).rejects.toThrow('is not asked at');
    await there.close();
    const here = new Documents({ local: true });
    await expect(here.get('https://169.254.169.254/keys')).rejects.toThrow('is not asked at');
    await expect(here.get('https://127.0.0.1:9/keys')).rejects.toThrow('ECONNREFUSED');
    await here.close();
  });
});
