// Puts in the place of the page what is wrong with the layout of the pages in its frames.
window.onload = () => {
  const faults = [];
  for (const frame of document.querySelectorAll('iframe')) {
    const page = frame.contentDocument;
    const width = frame.clientWidth;
    const fault = (what, element) =>
        faults.push(`at ${width}: ${what}: ${element.outerHTML.slice(0, 120)}`);
    if (page.documentElement.scrollWidth > width) {
      fault(`is ${page.documentElement.scrollWidth} wide`, page.documentElement);
    }
    for (const element of page.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      if (!element.closest('.scroll') && (box.right > width + 0.5 || box.left < -0.5)) {
        fault(`from ${box.left} to ${box.right}`, element);
      }
    }
    for (const text of page.querySelectorAll('svg text')) {
      const inner = text.getBoundingClientRect();
      const outer = text.closest('svg').getBoundingClientRect();
      if (inner.left < outer.left - 0.5 || inner.right > outer.right + 0.5
          || inner.top < outer.top - 0.5 || inner.bottom > outer.bottom + 0.5) {
        fault('is cut off', text);
      }
    }
    const shown = [...page.querySelectorAll('tbody th code')]
        .filter(name => name.getClientRects().length > 0 || name.textContent === '')
        .map(name => name.textContent);
    for (const site of JSON.parse(document.body.dataset.sites)) {
      if (!shown.includes(site)) {
        faults.push(`at ${width}: lacks ${site}`);
      }
    }
  }
  document.body.textContent = 'measured ' + JSON.stringify(faults, null, 1);
};
