import { nextTarget } from "../../../provider/stores/registry/reading/links";

test.each([
  ["</a>; rel=next", "/a"],
  ['</a>;rel="next"', "/a"],
  ['</p>; rel="prev", </a>; rel="next"', "/a"],
  ['</a?x=1,2>; rel="next last"', "/a?x=1,2"],
  ['</a>; title="rel=next"', undefined],
  ["</a>; rel=nextly", undefined],
  ["garbage", undefined],
])("RFC 8288: the next of %j is %j", (link, target) => {
  expect(nextTarget(link)).toBe(target);
});
