import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { drawIcons } from './electron/assets/draw-icons.ts';
import { defaultDataDir } from './gateway/data-dir.ts';
import { readRuntimeFile } from './gateway/runtime-file.ts';

const root = import.meta.dirname;
const dist = join(root, 'dist');

/** `--mode desktop` builds what Electron runs, any other mode the control panel. */
export default defineConfig(({ mode }) => (mode === 'desktop' ? desktop() : panel()));

/** The page under /panel/, and the colleagues' under /join and /me, from renderer/ to dist/panel/. */
function panel(): UserConfig {
  const page = (name: string) => join(root, 'renderer', `${name}.html`);
  return {
    root: join(root, 'renderer'),
    base: '/panel/',
    // Colleagues reach the files of their pages, under another path; scripts find each other by where they are.
    experimental: { renderBuiltUrl: (file, { hostId, hostType }) => urlOf(file, hostId, hostType) },
    plugins: [react(), dataOfTheRunningGateway()],
    build: {
      outDir: join(dist, 'panel'),
      emptyOutDir: true,
      target: 'es2024',
      // The gateway's policy allows no inline scripts and no data: fonts.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: [page('index'), page('join'), page('me')] },
    },
  };
}

function urlOf(
  file: string,
  hostId: string,
  hostType: 'js' | 'css' | 'html',
): string | { relative: boolean } {
  if (hostType !== 'html') return { relative: true };
  return `${basename(hostId) === 'index.html' ? '/panel' : '/people'}/${file}`;
}

/**
 * Electron runs no TypeScript. Each module of electron/ and gateway/ is translated to a module of the same
 * path below dist/: files that are found beside their module, such as the SQL migrations, lie beside it there too.
 * Dependencies stay what they are in node_modules.
 */
function desktop(): UserConfig {
  return {
    root,
    plugins: [besideTheModules(), drawnIcons()],
    publicDir: false,
    build: {
      ssr: true,
      target: 'node24',
      outDir: dist,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: join(root, 'electron/main.ts'),
        external: ['electron'],
        output: {
          format: 'es',
          preserveModules: true,
          preserveModulesRoot: root,
          entryFileNames: '[name].js',
        },
      },
    },
  };
}

function besideTheModules(): Plugin {
  const copied = ['gateway/store/migrations'];
  let out = dist;
  return {
    name: 'beside-the-modules',
    configResolved({ build }) {
      out = build.outDir;
    },
    buildStart() {
      for (const folder of ['electron', 'gateway'])
        rmSync(join(out, folder), { recursive: true, force: true });
    },
    writeBundle() {
      for (const folder of copied) cpSync(join(root, folder), join(out, folder), { recursive: true });
    },
  };
}

/** The window's and the tray's pictures beside the shell, the packages' icons in dist/icons/. */
function drawnIcons(): Plugin {
  return {
    name: 'drawn-icons',
    writeBundle: ({ dir = dist }) => drawIcons(join(dir, 'electron/assets'), join(dir, 'icons')),
  };
}

/** For `npm run dev`: the page comes from Vite, its data from the gateway that runs on this machine. */
function dataOfTheRunningGateway(): Plugin {
  return {
    name: 'data-of-the-running-gateway',
    apply: 'serve',
    config() {
      const gateway = readRuntimeFile(defaultDataDir());
      if (gateway === null) {
        throw new Error('No gateway is running: start one with `npm start`, then this again.');
      }
      const headers = { authorization: `Bearer ${gateway.adminToken}`, origin: gateway.url };
      return { server: { proxy: { '/admin': { target: gateway.url, changeOrigin: true, headers } } } };
    },
  };
}
