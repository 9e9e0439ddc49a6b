/** `npm start`: what comes before any other code is loaded. */
import { keepCompiledCode } from '../gateway/compile-cache.js';

keepCompiledCode();
await import('./launch.ts');
