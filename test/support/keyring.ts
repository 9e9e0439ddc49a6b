import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Reason for a platform's skipped tests, or undefined where a keyring can be started. */
export const noKeyringHere =
  process.platform === 'linux' ? undefined : 'a private Secret Service can be started on Linux only';

const PASSWORD = 'keyring password of the tests';
const SECRETS = 'org.freedesktop.secrets';
const PROMPTER = 'org.gnome.keyring.SystemPrompter';

/** A real gnome-keyring on a D-Bus session of its own; nothing of the user's is seen or touched. */
export interface TestKeyring {
  /** For child processes: leads them to this keyring, and to no display. */
  readonly env: NodeJS.ProcessEnv;
  /** Locks the login keyring, as a screen lock may. Nobody answers prompts: they count as dismissed. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  /** Ends gnome-keyring; the D-Bus session stays. */
  stopDaemon(): Promise<void>;
  /** Starts it again, unlocked, over the same keyring file. */
  startDaemon(): Promise<void>;
  /** From now on prompts stay open. @returns what dismisses the open one and ends this */
  leavePromptsOpen(): Promise<() => Promise<void>>;
  /** Ends both processes and deletes their files. */
  stop(): Promise<void>;
}

/** Starts the session bus and the keyring, unlocked and empty. Call `stop` when done. */
export async function startKeyring(): Promise<TestKeyring> {
  const folder = await mkdtemp(join(tmpdir(), 'keyring-'));
  const runtime = join(folder, 'runtime');
  const services = join(folder, 'services');
  for (const path of [runtime, services]) await mkdir(path, { mode: 0o700 });
  const address = `unix:path=${join(folder, 'bus')}`;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const bus = await startBus(folder, address, services, env);
  let daemon = await startDaemon(env).catch(async (error) => {
    await end(bus);
    throw error;
  });
  let dismissPrompts = async (): Promise<void> => undefined;

  return {
    env,
    async lock() {
      const login = `['/org/freedesktop/secrets/collection/login']`;
      await callBus(env, SECRETS, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', login);
    },
    unlock: () => unlockOverControlSocket(join(runtime, 'keyring', 'control')),
    stopDaemon: () => end(daemon),
    async startDaemon() {
      daemon = await startDaemon(env);
    },
    async leavePromptsOpen() {
      dismissPrompts = await installOpenPrompter(env, services, folder);
      return dismissPrompts;
    },
    async stop() {
      await dismissPrompts();
      await end(daemon);
      await end(bus);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The bus starts no service by itself: no keyring but ours, and no prompt on a developer's screen. */
async function startBus(
  folder: string,
  address: string,
  services: string,
  env: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const config = join(folder, 'bus.conf');
  await writeFile(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>${address}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  const bus = spawn(
    'dbus-daemon',
    [`--config-file=${config}`, '--nofork', '--nopidfile', '--print-address=1'],
    {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  // It prints its address once it listens.
  await Promise.race([once(bus.stdout, 'data'), failsWith(bus, 'dbus-daemon')]);
  return bus;
}

/** `--unlock` reads the password up to the end of stdin, and makes the login keyring if there is none. */
async function startDaemon(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  daemon.stdin.end(PASSWORD);
  const ready = run('gdbus', ['wait', '--session', '--timeout=10', SECRETS], { env });
  try {
    await Promise.race([ready, failsWith(daemon, 'gnome-keyring-daemon')]);
  } catch (error) {
    await end(daemon);
    throw error;
  }
  return daemon;
}

/**
 * The way pam_gnome_keyring unlocks: one zero byte that carries our uid, then length, operation 1
 * (unlock) and the password, all big-endian (gnome-keyring, daemon/control/gkd-control-codes.h).
 */
async function unlockOverControlSocket(path: string): Promise<void> {
  const password = Buffer.from(PASSWORD);
  const packet = Buffer.alloc(1 + 12 + password.length);
  packet.writeUInt32BE(12 + password.length, 1);
  packet.writeUInt32BE(1, 5);
  packet.writeUInt32BE(password.length, 9);
  password.copy(packet, 13);

  const socket = connect(path);
  socket.end(packet);
  let answer = Buffer.alloc(0);
  for await (const chunk of socket) answer = Buffer.concat([answer, chunk as Buffer]);
  if (answer.length !== 8 || answer.readUInt32BE(4) !== 0) throw new Error('gnome-keyring refused to unlock');
}

/** Stands in for a dialog that nobody answers: D-Bus starts it, and it waits at a pipe until dismissed. */
async function installOpenPrompter(
  env: NodeJS.ProcessEnv,
  services: string,
  folder: string,
): Promise<() => Promise<void>> {
  const pipe = join(folder, 'prompt');
  const service = join(services, `${PROMPTER}.service`);
  await run('mkfifo', [pipe]);
  await writeFile(service, `[D-BUS Service]\nName=${PROMPTER}\nExec=/bin/cat ${pipe}\n`);
  await reloadBus(env);
  return async () => {
    await rm(service, { force: true });
    await reloadBus(env);
    await releaseReader(pipe);
    await rm(pipe, { force: true });
  };
}

function reloadBus(env: NodeJS.ProcessEnv): Promise<void> {
  const name = 'org.freedesktop.DBus';
  return callBus(env, name, '/org/freedesktop/DBus', `${name}.ReloadConfig`);
}

/** Opening the pipe for writing and closing it gives a waiting reader its end of file. */
async function releaseReader(pipe: string): Promise<void> {
  try {
    const writer = await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    await writer.close();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENXIO', 'ENOENT'].includes(code)) throw error; // Nobody waits, or dismissed before.
  }
}

async function callBus(
  env: NodeJS.ProcessEnv,
  dest: string,
  path: string,
  method: string,
  ...args: string[]
): Promise<void> {
  const where = ['--session', '--dest', dest, '--object-path', path, '--method', method];
  await run('gdbus', ['call', ...where, ...args], { env });
}

/** Rejects when the program ends, or cannot be started at all. */
async function failsWith(child: ChildProcess, name: string): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`${name} ended with ${code}. Run: node test/support/system-packages.ts`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
