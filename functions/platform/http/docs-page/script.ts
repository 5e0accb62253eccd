/**
 * The page's only script: the filter box. Its hash stands in the page's Content-Security-Policy, so nothing else runs
 * (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/script-src).
 */
export const filterScript = `
const box = document.getElementById('filter');
const none = document.getElementById('none');
const apply = () => {
  const wanted = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const article of document.querySelectorAll('article')) {
    const hit = wanted.every((word) => article.dataset.words.includes(word));
    article.hidden = !hit;
    document.querySelector('nav a[href="#' + article.id + '"]').parentElement.hidden = !hit;
    if (hit) found += 1;
  }
  for (const group of document.querySelectorAll('[data-group]')) {
    const part = document.getElementById('group-' + group.dataset.group);
    group.hidden = part.hidden = !part.querySelector('article:not([hidden])');
  }
  none.hidden = found > 0;
};
box.addEventListener('input', apply);
document.querySelector('nav').addEventListener('click', (event) => {
  if (event.target.closest('a')) document.getElementById('menu').open = matchMedia('(min-width: 60rem)').matches;
});
document.getElementById('menu').open = matchMedia('(min-width: 60rem)').matches;
apply();
`;
