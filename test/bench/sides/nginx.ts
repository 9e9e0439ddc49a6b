import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../support/find-program.ts';
import { providerAddress } from './provider.ts';
import { type Ground, type Side, Skipped } from './side.ts';

/** nginx as a plain reverse proxy: what forwarding costs in C. */
export function prepareNginx({ origin, port, folder }: Ground): Side {
  const command = findProgram('nginx') ?? install();
  mkdirSync(join(folder, 'temporary'));
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, configuration(new URL(origin).host, port, folder));
  return {
    name: 'nginx',
    label: 'nginx',
    note: 'nginx of the system with one worker, as a plain reverse proxy: connections to the provider kept open, buffering of answers and access log off. No gateway, but the floor of what forwarding costs.',
    port,
    launch: { command, args: ['-p', folder, '-c', path, '-e', join(folder, 'error.log')] },
    address: (call) => (call.protocol === call.provider ? providerAddress(call) : null),
  };
}

function install(): string {
  const missing = 'nginx is not installed (on Debian: apt-get install nginx-light)';
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) throw new Skipped(`${missing}.`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: string[]): Buffer =>
    execFileSync('apt-get', ['-q', ...args], { stdio: 'pipe', env: environment });
  try {
    aptGet('update');
    aptGet('install', '-y', '--no-install-recommends', 'nginx-light');
  } catch {
    throw new Skipped(`${missing}, and apt-get could not install it.`);
  }
  const program = findProgram('nginx');
  if (program === undefined) throw new Skipped(`${missing}.`);
  return program;
}

function configuration(provider: string, port: number, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, 'temporary', name)};`)
    .join('\n  ');
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
events { worker_connections 4096; }
http {
  ${temporary}
  access_log off;
  client_max_body_size 64m;
  client_body_buffer_size 2m;
  keepalive_requests 100000000;
  upstream provider { server ${provider}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
