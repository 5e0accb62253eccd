/** The page's look: the reader's own fonts, light or dark as the reader's system is, one column on a phone. */
export const style = `
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #fff; --ink: #1d2328; --soft: #5b666f; --line: #dfe3e6; --code: #f1f3f4; --accent: #0b6b57;
  --get: #0b6b57; --post: #1d58b5; --patch: #8f5a00; --put: #8f5a00; --delete: #b02a3b; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --card: #1a1f23; --ink: #e4e8ea; --soft: #9aa6ae; --line: #2e363c; --code: #22292e; --accent: #5fd0b3;
  --get: #5fd0b3; --post: #82b1ff; --patch: #e8b45a; --put: #e8b45a; --delete: #ff8a97; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
a { color: inherit; }
code, pre, .method, .status { font-family: ui-monospace, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: .875em; background: var(--code); border-radius: .25rem; padding: .1em .3em; overflow-wrap: anywhere; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 2; }
header, section, article { max-width: 58rem; }
main { padding: 1.5rem 1rem 6rem; min-width: 0; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.02em; margin: 0 0 .25rem; }
header > p { margin: .5rem 0; max-width: 44rem; }
header .lead { font-size: 1.1rem; color: var(--soft); }
h2 { font-size: 1.35rem; letter-spacing: -.01em; margin: 3rem 0 0; }
h2 + p { color: var(--soft); margin: .2rem 0 1rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin: 0 0 1.25rem; }
article:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
h3 { font-size: 1.1rem; line-height: 1.35; margin: 0; }
h3 a { text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { font-size: .8rem; color: var(--soft); font-weight: 600; margin: 1.4rem 0 .4rem; }
article > p { margin: .6rem 0; max-width: 44rem; }
.place code { background: none; font-size: .9rem; padding: 0; }
.method { display: inline-block; min-width: 3.6rem; margin-right: .6rem; font-size: .75rem; font-weight: 700; color: var(--soft); }
.method.get { color: var(--get); } .method.post { color: var(--post); } .method.patch { color: var(--patch); }
.method.put { color: var(--put); } .method.delete { color: var(--delete); }
.place .method { min-width: 0; border: 1px solid currentColor; border-radius: .3rem; padding: .05rem .45rem; }
.labels { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem; padding: 0; margin: .8rem 0 0; font-size: .78rem; }
.labels li { border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .6rem; color: var(--soft); }
.labels .scope { border-color: var(--accent); color: var(--accent); }
.labels .requirement { border-style: dashed; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: .78rem; }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
td:last-child, th:last-child { padding-right: 0; }
td:first-child code { white-space: nowrap; }
td em { font-style: normal; font-size: .75rem; color: var(--delete); white-space: nowrap; }
.type { color: var(--soft); }
.status.s2 { color: var(--get); } .status.s4 { color: var(--patch); } .status.s5 { color: var(--delete); }
pre { margin: 0; padding: .9rem 1rem; background: var(--code); border-radius: .5rem; overflow-x: auto; font-size: .85rem; line-height: 1.5; }
pre code { background: none; padding: 0; font-size: inherit; overflow-wrap: normal; }
details > summary { cursor: pointer; color: var(--accent); font-size: .9rem; padding: .4rem 0; }
nav { padding: 1rem; border-bottom: 1px solid var(--line); background: var(--card); font-size: .875rem; }
nav input { width: 100%; font: inherit; font-size: 1rem; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
nav input:focus-visible, a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
nav label { display: block; font-weight: 600; font-size: 1rem; margin-bottom: .5rem; }
nav h2 { font-size: .8rem; letter-spacing: 0; color: var(--soft); margin: 1.1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: flex; align-items: baseline; text-decoration: none; padding: .22rem .4rem; margin: 0 -.4rem; border-radius: .35rem; }
nav li a:hover { background: var(--code); }
nav .method { flex: none; font-size: .66rem; min-width: 3.1rem; margin: 0; }
[hidden] { display: none !important; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-bottom: 0; border-right: 1px solid var(--line); padding: 1.5rem 1.25rem; }
  nav summary { display: none; }
  main { padding: 2.5rem 3rem 6rem; }
}
@media (max-width: 40rem) {
  article { padding: 1rem; }
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: .1rem .6rem; align-items: baseline; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  td { display: block; border: 0; padding: 0; }
  td:first-child code { white-space: normal; }
  td:empty { display: none; }
  td:last-child { flex-basis: 100%; }
}
`;
