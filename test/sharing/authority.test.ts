import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AUTHORITY_ACCOUNT, Authority, hostsFor } from '../../gateway/sharing/authority.ts';
import { isPermitted, nameConstraints } from '../../gateway/sharing/name-constraints.ts';
import { SharingStore } from '../../gateway/sharing/sharing-store.ts';
import { makeAuthority, makeLeaf } from '../../gateway/sharing/x509.ts';
import { openStore } from '../../gateway/store/store.ts';
import { openVault } from '../../gateway/vault/open-vault.ts';
import { tempDir } from '../store/support.ts';
import { findProgram } from '../support/find-program.ts';

const DAY_MS = 86_400_000;
const HOSTS = hostsFor('Studio', ['192.168.1.5', 'fd00:1::5']);

async function parts(now = Date.now()) {
  const dataDir = tempDir();
  const store = await openStore({ dataDir });
  onTestFinished(() => store.close());
  const time = { now };
  const vault = await openVault({ dataDir, prefer: 'file' });
  return { dataDir, db: store.db, vault, kept: new SharingStore(store.db), wall: () => time.now, time };
}

// macOS has LibreSSL under that name, which words its findings differently.
const openssl = process.platform === 'linux' ? findProgram('openssl') : undefined;

/** What OpenSSL says of a chain, as a server's on a given day. */
function verify(ca: string, leaf: string, options: readonly string[]): string {
  const dir = tempDir();
  writeFileSync(join(dir, 'ca.pem'), ca);
  writeFileSync(join(dir, 'leaf.pem'), leaf);
  const args = [
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    '-CAfile',
    join(dir, 'ca.pem'),
    ...options,
  ];
  try {
    return execFileSync(openssl as string, [...args, join(dir, 'leaf.pem')], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    return String((error as { stderr: string }).stderr);
  }
}

describe('the authority', () => {
  it('is made once; its key is in the vault alone', async () => {
    const made = await parts();
    const first = await Authority.open(made, HOSTS);
    const again = await Authority.open({ ...made, kept: new SharingStore(made.db) }, HOSTS);
    expect([first.made, again.made]).toEqual([true, false]);
    expect(again.authority.record).toEqual(first.authority.record);
    const key = (await made.vault.get(AUTHORITY_ACCOUNT)) ?? '';
    const body = key.split('\n')[1] ?? '';
    expect(body.length).toBeGreaterThan(40);
    made.db.pragma('wal_checkpoint(TRUNCATE)');
    for (const file of ['ntl.db', 'vault.json'])
      expect(readFileSync(join(made.dataDir, file), 'latin1')).not.toContain(body);
  });

  it('is made anew where its key is gone or another’s, and not where the vault is locked', async () => {
    const made = await parts();
    const { authority } = await Authority.open(made, HOSTS);
    const locked = { ...made.vault, get: () => Promise.reject(new Error('locked')) };
    await expect(Authority.open({ ...made, vault: locked as never }, HOSTS)).rejects.toThrow('locked');
    expect(made.kept.get('authority')).toEqual(authority.record);
    await made.vault.set(AUTHORITY_ACCOUNT, 'no key at all');
    expect((await Authority.open(made, HOSTS)).made).toBe(true);
    await made.vault.delete(AUTHORITY_ACCOUNT);
    const third = await Authority.open(made, HOSTS);
    expect(third.made).toBe(true);
    expect(third.authority.record.certificate).not.toBe(authority.record.certificate);
  });

  it('signs for local names, private addresses and its own host, and for nothing else', async () => {
    const { authority } = await Authority.open(await parts(), hostsFor('box.example.org', ['203.0.113.7']));
    const others = ['bank.com', 'example.org', 'notlocal', '203.0.113.8', '8.8.8.8', '2001:db8::1'];
    const own = ['box.example.org', 'box', 'box.local', '203.0.113.7', 'other.local', '10.1.2.3', 'fd12::1'];
    expect(authority.permitted([...others, ...own])).toEqual(own);
  });
});

describe('its certificates', () => {
  it('are for servers, short, and of the names and addresses', async () => {
    const { authority } = await Authority.open(await parts(), HOSTS);
    const leaf = new X509Certificate((await authority.issue(HOSTS)).cert);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    const days = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / DAY_MS;
    expect(days).toBeLessThanOrEqual(92.1);
    for (const name of ['studio', 'studio.local']) expect(leaf.checkHost(name)).toBe(name);
    for (const address of ['192.168.1.5', 'fd00:1::5']) expect(leaf.checkIP(address)).toBe(address);
    expect(leaf.checkHost('other.local')).toBeUndefined();
    expect(leaf.verify(new X509Certificate(authority.record.certificate).publicKey)).toBe(true);
  });

  it('are due when two thirds of their time are over, and when the clock is set back', async () => {
    const made = await parts(Date.UTC(2027, 5, 1));
    const { authority } = await Authority.open(made, HOSTS);
    const { cert } = await authority.issue(HOSTS);
    const dueAt = (now: number) => {
      made.time.now = now;
      return authority.isDue(cert);
    };
    expect(dueAt(Date.UTC(2027, 5, 1))).toBe(false);
    expect(dueAt(Date.UTC(2027, 5, 1) + 59 * DAY_MS)).toBe(false);
    expect(dueAt(Date.UTC(2027, 5, 1) + 61 * DAY_MS)).toBe(true);
    expect(dueAt(Date.UTC(2031, 0, 1))).toBe(true);
    expect(dueAt(Date.UTC(2027, 1, 1))).toBe(true);
  });

  it('hold after a clock that was years ahead, or behind, is right again', async () => {
    for (const wrong of [Date.UTC(2033, 0, 1), Date.UTC(1971, 0, 1)]) {
      const made = await parts(wrong);
      const { authority } = await Authority.open(made, HOSTS);
      const early = await authority.issue(HOSTS);
      const right = Date.UTC(2027, 0, 1);
      made.time.now = right;
      expect(authority.isDue(early.cert)).toBe(true);
      const leaf = await authority.issue(HOSTS);
      expect(authority.isDue(leaf.cert)).toBe(false);
      const { validFromDate, validToDate } = new X509Certificate(leaf.cert);
      expect(validFromDate.getTime()).toBeLessThan(right);
      expect(validToDate.getTime()).toBeGreaterThan(right + 80 * DAY_MS);
      expect(new X509Certificate(authority.record.certificate).validFromDate.getTime()).toBeLessThan(right);
    }
  });

  it('are not made over and over at the end of the authority’s time', async () => {
    const made = await parts(Date.UTC(2027, 0, 1));
    const { authority } = await Authority.open(made, HOSTS);
    made.time.now = Date.UTC(2036, 11, 20);
    expect(authority.isDue((await authority.issue(HOSTS)).cert)).toBe(false);
  });
});

describe.skipIf(openssl === undefined)('OpenSSL', () => {
  it('takes them by name and by address, and no longer than they hold', async () => {
    const { authority } = await Authority.open(await parts(), HOSTS);
    const { cert } = await authority.issue(HOSTS);
    const ca = authority.record.certificate;
    const at = (day: number) => ['-attime', String(Math.floor(Date.now() / 1_000 + day * 86_400))];
    for (const host of [
      ['-verify_hostname', 'studio.local'],
      ['-verify_ip', '192.168.1.5'],
      ['-verify_ip', 'fd00:1::5'],
    ])
      expect(verify(ca, cert, host)).toContain(': OK');
    expect(verify(ca, cert, at(89))).toContain(': OK');
    expect(verify(ca, cert, at(91))).toContain('certificate has expired');
    const other = await Authority.open(await parts(), HOSTS);
    expect(verify(other.authority.record.certificate, cert, [])).not.toContain(': OK');
  });

  it('refuses what a stolen key would sign for: another site, a public address, a further authority', async () => {
    const made = await parts();
    const { authority } = await Authority.open(made, HOSTS);
    const ca = authority.record.certificate;
    const thief = { cert: ca, key: (await made.vault.get(AUTHORITY_ACCOUNT)) ?? '' };
    const times = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
    for (const host of ['bank.com', '8.8.8.8', '2001:4860:4860::8888']) {
      const leaf = await makeLeaf(thief, { hosts: [host], ...times });
      expect(verify(ca, leaf.cert, []), host).toContain('permitted subtree violation');
    }
    expect(verify(ca, (await makeLeaf(thief, { hosts: ['printer.local'], ...times })).cert, [])).toContain(
      ': OK',
    );
    expect(new X509Certificate(ca).infoAccess).toBeUndefined();
    const text = execFileSync(openssl as string, ['x509', '-noout', '-text'], {
      input: ca,
      encoding: 'utf8',
    });
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Name Constraints: critical\s+Permitted:\s+DNS:local/);
  });

  it('reads constraints as they were meant, whatever ranges and names they are of', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,30}(\.[a-z]{2,8}){0,2}$/);
    const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`);
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 40 }), v4, async (domains, range) => {
        const permitted = { domains, ranges: [range] };
        const { cert } = await makeAuthority({
          ...{ name: 'x', permitted, notBefore: new Date(0), notAfter: new Date(Date.now() + DAY_MS) },
        });
        const text = execFileSync(openssl as string, ['x509', '-noout', '-text'], {
          input: cert,
          encoding: 'utf8',
        });
        for (const domain of domains) expect(text).toContain(`DNS:${domain}`);
        const [address = ''] = range.split('/');
        expect(isPermitted(permitted, address)).toBe(true);
        expect(nameConstraints(permitted).length).toBeGreaterThan(10);
      }),
      { numRuns: 8 },
    );
  });
});
