// What a push carries, by its content type: the number if there is one, else the name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf, contentOfPush, contentTypes, kindOf, kindOfContent } from '../../src/push/index.ts';

const wanted = {
  'dm1.2': ['notification', 'notification'],
  'dm1.3-2010': ['notification', 'notification'],
  'dm1.3': ['notification', 'notification'],
  'dm+wbxml': ['dm+wbxml', 'message'],
  'dm+xml': ['dm+xml', 'message'],
  'connectivity+xml': ['connectivity+xml', 'provisioning'],
  'connectivity+wbxml': ['connectivity+wbxml', 'provisioning'],
} as const;

test('every type of DM is known by its number and by its name, in any case and with parameters', () => {
  for (const [name, { mime, code }] of Object.entries(contentTypes)) {
    const [content, kind] = wanted[name as keyof typeof wanted];
    assert.equal(contentOf({ code, mime: undefined }), content, name);
    assert.equal(
      contentOf({ code: undefined, mime: ` ${mime.toUpperCase()} ; charset=utf-8` }),
      content,
      name,
    );
    assert.equal(kindOfContent(content), kind, name);
    assert.equal(kindOf(mime.toUpperCase()), kind, name);
  }
});

test('a number counts before a name; what is none of DM has no content', () => {
  assert.equal(contentOf({ code: 0x42, mime: contentTypes['dm+xml'].mime }), 'dm+wbxml');
  assert.equal(contentOf({ code: 0x03, mime: contentTypes['dm+xml'].mime }), undefined);
  assert.equal(contentOf({ code: undefined, mime: 'text/plain' }), undefined);
  assert.equal(contentOf({ code: undefined, mime: undefined }), undefined);
  assert.equal(kindOfContent(undefined), undefined);
});

test('what was found when a push came in is not looked for again', () => {
  const contentType = { code: 0x42, mime: undefined };
  assert.equal(contentOfPush({ contentType }), 'dm+wbxml');
  assert.equal(contentOfPush({ contentType, content: 'dm+xml' }), 'dm+xml');
});
