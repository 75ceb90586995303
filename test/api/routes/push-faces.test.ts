// Which pushes each path shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFace, messageFace, notificationFace } from '../../../src/api/routes/push-faces.ts';
import type { PushRecord } from '../../../src/store/index.ts';

test('each face shows the pushes of its purposes, and lists these', () => {
  const purposes = ['notification', 'message', 'relayed'] as const;
  for (const [face, shown] of [
    [notificationFace, ['notification']],
    [messageFace, ['message', 'relayed']],
    [allFace, purposes],
  ] as const) {
    assert.deepEqual(face.purposes, shown, face.tag);
    for (const purpose of purposes) {
      assert.equal(
        face.shows({ purpose } as PushRecord),
        shown.some((each) => each === purpose),
        face.tag,
      );
    }
  }
});

test('another purpose is nobody’s', () => {
  const other = { purpose: 'other' } as unknown as PushRecord;
  assert.deepEqual([notificationFace.shows(other), allFace.shows(other)], [false, false]);
});
