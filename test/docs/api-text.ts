import { type Field, fieldsOf, type Schema, typeOf } from './schema-fields.ts';

interface Parameter {
  name: string;
  in: string;
  description?: string;
  schema: Schema;
}

interface Content {
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface Route {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Content;
  responses?: Record<string, Content>;
}

export interface Description {
  info: { description?: string };
  tags?: { name: string; description: string }[];
  paths: Record<string, Record<string, Route>>;
}

interface NamedRoute extends Route {
  name: string;
}

/** The page docs/api.md: the member API whole, the owner's as a list of its routes. */
export function apiPage(members: Description, owners: Description): string {
  const routes = routesOf(members);
  const topics = (members.tags ?? []).flatMap(({ name, description }) => {
    const found = routes.filter(({ tags }) => tags?.[0] === name);
    return found.length === 0 ? [] : [`## ${name}`, description, ...found.flatMap(routeText)];
  });
  return `${[
    '# API',
    'Written by `npm run docs` from the OpenAPI descriptions of the running gateway, which this computer can browse under `/docs` and read as `/docs/json` and `/admin/api/openapi.json`. Who may do what: [access.md](access.md).',
    members.info.description ?? '',
    ...topics,
    "## The owner's API",
    `${owners.info.description ?? ''} Fields are camelCase. The panel and \`ntl\` do all they do by these routes.`,
    ownersTable(routesOf(owners)),
  ].join('\n\n')}\n`;
}

function routesOf({ paths }: Description): NamedRoute[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ ...route, name: `${method.toUpperCase()} ${path}` })),
  );
}

function routeText(route: NamedRoute): string[] {
  const answer = Object.entries(route.responses ?? {}).find(([status]) => status.startsWith('2'));
  const [status, told] = answer ?? ['', {}];
  return [
    `### ${route.name}`,
    `${route.summary}.`,
    ...(route.description === undefined ? [] : [route.description]),
    ...section('Takes', [...parametersOf(route), ...fieldsOf(schemaOf(route.requestBody))]),
    ...section(`Answers ${status} with`, fieldsOf(schemaOf(told))),
  ];
}

function section(title: string, fields: readonly Field[]): string[] {
  if (fields.length === 0) return [];
  const rows = fields.map(({ name, type, description }) => [`\`${name}\``, type, description]);
  return [`${title}:`, table(['field', 'type', 'what'], rows)];
}

function ownersTable(routes: readonly NamedRoute[]): string {
  const rows = routes.map((route) => {
    const takes = [...parametersOf(route), ...fieldsOf(schemaOf(route.requestBody))];
    const named = takes.filter(({ name }) => !/[[.]/.test(name)).map(({ name }) => `\`${name}\``);
    return [
      `\`${route.name.replace('/admin/api', '')}\``,
      route.summary ?? '',
      [...new Set(named)].join(', '),
    ];
  });
  return table(['route, below `/admin/api`', 'what', 'takes'], rows);
}

function parametersOf({ parameters = [] }: Route): Field[] {
  return parameters.map(({ name, schema, description }) => ({
    ...{ name, type: typeOf(schema), required: false },
    description: description ?? schema.description ?? '',
  }));
}

function schemaOf(content: Content | undefined): Schema {
  return content?.content?.['application/json']?.schema ?? {};
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map(
      (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`,
    )
    .join('\n');
}
