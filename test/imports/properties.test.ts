/** Whatever stands in settings: nothing throws, nothing is taken that could not be stored, and no secret is told. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gather } from '../../gateway/imports/gather.ts';
import { continueValue, litellmValue, routerValue } from '../../gateway/imports/references.ts';
import { placeOfAddress, serviceAt } from '../../gateway/imports/service.ts';
import { SOURCE_IDS } from '../../gateway/imports/source-ids.ts';
import { checkBaseUrl } from '../../gateway/providers/base-url.ts';
import { PROVIDER_KINDS } from '../../gateway/providers/provider-kinds.ts';
import { TestHome } from '../connect/setup/home.ts';
import { lookAt } from './look-at.ts';

let home: TestHome;
beforeAll(() => {
  home = new TestHome();
});
afterAll(() => home[Symbol.dispose]());

const hosts = fc.constantFrom(
  'api.openai.com',
  'openrouter.ai',
  'api.x.ai',
  'my.openai.azure.com',
  'llm.example.com',
);
const paths = fc.constantFrom(
  '',
  '/',
  '/v1',
  '/v1/',
  '/api/v1',
  '/anthropic',
  '/openai/v1',
  '/v1beta/openai',
);
const endpoints = fc.constantFrom('', '/chat/completions', '/messages', '/responses', '/embeddings/');

it('an address leads to the same provider with and without an endpoint, and again once it is stored', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PROVIDER_KINDS),
      hosts,
      paths,
      endpoints,
      (taken, host, path, endpoint) => {
        const base = `https://${host}${path}`;
        const found = serviceAt(taken, base.replace(/\/$/, '') + endpoint);
        expect(found).toEqual(serviceAt(taken, base));
        expect(checkBaseUrl(found.baseUrl)).toBe(found.baseUrl);
        expect(serviceAt(found.kind, found.baseUrl)).toEqual(found);
        expect(placeOfAddress(`${found.baseUrl.replace(/\/v1$/, '')}/v1/`)).toBe(
          placeOfAddress(found.baseUrl),
        );
      },
    ),
  );
});

const names = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/);
const secrets = fc.stringMatching(/^[\x21-\x7e]{1,30}$/).map((text) => `Q9${text}9Q`);

it('a reference is its value where that is set, and named where it is not', () => {
  fc.assert(
    fc.property(names, secrets, (name, value) => {
      const known = (asked: string) => (asked === name ? value : undefined);
      const none = () => undefined;
      expect(litellmValue(`os.environ/${name}`, known)).toEqual({ text: value });
      expect(routerValue(`\${${name}}`, known)).toEqual({ text: value });
      expect(routerValue(`$${name}`, known)).toEqual({ text: value });
      expect(continueValue(`\${{ secrets.a/b/${name} }}`, known)).toEqual({ text: value });
      expect(litellmValue(`os.environ/${name}`, none)).toEqual({ missing: `the variable ${name}` });
      expect(routerValue(`x$${name}`, none)).toEqual({ missing: `the variable ${name}` });
      expect(continueValue(`\${{secrets.${name}}}`, none)).toEqual({ missing: `the secret ${name}` });
    }),
  );
});

it('whatever a claim holds, a finding can be stored, and what is left tells no key', () => {
  const claims = fc.record({
    id: fc.string(),
    name: fc.option(fc.string({ unit: 'binary', maxLength: 300 }), { nil: undefined }),
    kind: fc.constantFrom(...PROVIDER_KINDS),
    baseUrl: fc.option(fc.oneof(fc.string(), fc.webUrl(), hosts), { nil: undefined }),
    key: fc.option(
      fc.oneof(
        fc.record({ text: fc.oneof(secrets, fc.string({ unit: 'binary' }), fc.constant('sk-xxx')) }),
        fc.record({ missing: fc.constant('the variable X') }),
      ),
      { nil: undefined },
    ),
    headers: fc.dictionary(fc.string(), fc.string()),
    place: fc.constant('a place'),
    models: fc.array(fc.record({ id: fc.string({ unit: 'binary' }), upstream: fc.string() })),
  });
  fc.assert(
    fc.property(fc.array(claims, { maxLength: 4 }), (given) => {
      const { findings, left } = gather('litellm', given, () => false);
      for (const { name, baseUrl, credential, models, headers } of findings) {
        expect(name).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u);
        expect(checkBaseUrl(baseUrl)).toBe(baseUrl);
        expect(credential ?? 'none').toMatch(/^[\x21-\x7e]{1,16384}$/);
        expect(Object.keys(headers).every((header) => /^[a-z0-9-]+$/.test(header))).toBe(true);
        expect(models.every(({ id }) => /^[^\s\p{Cc}\p{Cf}]{1,128}$/u.test(id))).toBe(true);
      }
      for (const { key } of given)
        if (key !== undefined && 'text' in key && key.text.startsWith('Q9'))
          expect(left.map(({ why }) => why).join()).not.toContain(key.text);
    }),
  );
});

it('no text of a file breaks a look', () => {
  const words = fc.constantFrom(
    ...[
      'model_list:',
      'models:',
      '  - ',
      'litellm_params:',
      '{',
      '}',
      '[',
      ']',
      ': ',
      '\n',
      '&a',
      '*a',
      '#',
      '"',
      "'",
    ],
    ...[
      'model: openai/x',
      'api_key: k',
      '!!binary',
      '<<: *a',
      'Providers',
      'env',
      '\t',
      '\0',
      '=',
      'OPENAI_API_KEY',
    ],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words, { maxLength: 25 }).map((all) => all.join('')),
  );
  const files = [
    '.claude/settings.json',
    '.codex/config.toml',
    '.continue/config.yaml',
    '.claude-code-router/config.json',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...SOURCE_IDS), texts, (id, text) => {
      for (const file of files) home.write(file, text);
      const { problems } = lookAt(home, id, { text, variables: text });
      for (const problem of problems) expect(problem).toMatch(/It is left as it is\.$/);
    }),
    { numRuns: 300 },
  );
});
