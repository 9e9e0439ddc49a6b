/** The `ntl` command: what comes before any other code is loaded. */
import { keepCompiledCode } from '../compile-cache.js';

keepCompiledCode();
await import('./main.ts');
