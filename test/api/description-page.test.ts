// The page that shows the description: its files, for whoever asks, and nothing else of the disk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withApi } from './api-bench.ts';

test('the page and its files are given without a token, under a strict policy', () =>
  withApi(
    async ({ call }) => {
      for (const [url, type] of [
        ['/docs/', 'text/html; charset=utf-8'],
        ['/docs/page.js', 'text/javascript; charset=utf-8'],
        ['/docs/page.css', 'text/css; charset=utf-8'],
        ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
        ['/docs/swagger-ui.css', 'text/css; charset=utf-8'],
      ] as const) {
        const { status, headers, text } = await call('GET', url);
        assert.equal(status, 200, url);
        assert.equal(headers['content-type'], type);
        assert.ok(text.length > 50, url);
        assert.match(
          String(headers['content-security-policy']),
          /^default-src 'none'; script-src 'self'; style-src 'self'; /,
        );
        assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|\*|http/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        const again = await call('GET', url, undefined, { 'if-none-match': String(headers.etag) });
        assert.deepEqual([again.status, again.text], [304, '']);
      }
      const { status, headers } = await call('GET', '/docs');
      assert.deepEqual([status, headers.location], [308, 'docs/']);
    },
    { tokens: ['a-token-of-operators'] },
  ));

test('the page has no script of its own within it, and names nothing elsewhere', () =>
  withApi(async ({ call }) => {
    const { text } = await call('GET', '/docs/');
    assert.doesNotMatch(text, /<script(?![^>]* src=)|<style| on\w+=|https?:/);
  }));

test('other files are not there, whatever their name', () =>
  withApi(async ({ call }) => {
    for (const name of [
      'nothing',
      'index.html',
      'swagger-ui.js',
      '../package.json',
      '..%2Fpackage.json',
      '%2e%2e/index.js',
      'constructor',
      '__proto__',
      'page.js/',
    ]) {
      const { status, body } = await call('GET', `/docs/${name}`);
      assert.deepEqual([status, body.code], [404, 'NOT_FOUND'], name);
    }
  }));
