import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { openApiDocument } from '../../src/interfaces/http/openapi/document.ts';

const project = join(import.meta.dirname, '../..');
const client = join(project, 'clients/typescript');

it('the types of the client are those of the API; `npm run openapi` writes them', async () => {
  const types = astToString(await openapiTypes(JSON.stringify(openApiDocument())));
  await expect(`// Made from openapi.json by openapi-typescript.\n\n${types}`).toMatchFileSnapshot(
    join(client, 'src/schema.ts'),
  );
});

it('the client is tested with the version of openapi-fetch that it names', () => {
  const read = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(read(project).devDependencies).toMatchObject(read(client).dependencies);
});
