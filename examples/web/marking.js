/** Elements, and texts with marks at their offsets. Offsets are JavaScript's: the API is asked with `offsets=utf16`. */

/** An element with attributes and children; text is never read as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/**
 * The nodes of a text in which ranges are wrapped.
 *
 * A range is {start, end, wrap}, and `wrap` makes the element for a piece of it. Ranges may overlap:
 * the text is cut at every start and end, and the range that is named last is the outermost.
 */
export function marked(text, ranges) {
  const inside = ranges
    .map(({ start, end, wrap }) => ({ start: Math.max(start, 0), end: Math.min(end, text.length), wrap }))
    .filter(({ start, end }) => start < end);
  const cuts = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, end])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index];
    const around = inside.filter((range) => range.start <= start && end <= range.end);
    return around.reduce((node, range) => {
      const wrapper = range.wrap();
      wrapper.append(node);
      return wrapper;
    }, document.createTextNode(text.slice(start, end)));
  });
}

const INLINE = { emphasis: "em", strong: "strong", code: "code" };

/** What a mark of a block becomes; links lead only to the web. */
function inline(mark) {
  if (mark.type === "link" && /^(https?|mailto):/i.test(mark.href)) {
    return () => element("a", { href: mark.href });
  }
  return () => element(INLINE[mark.type] ?? "span");
}

/** The blocks of an article, with its quotes marked where they stand in its text. */
export function bodyOf(article, picture) {
  const quoteRanges = article.quotes.flatMap((quote) =>
    quote.spans.map((span, index) => ({ ...span, quote, index })));
  const named = new Set();
  let read = 0;

  /** The nodes of a block's text, which is the next such passage of the article's. */
  function passage({ text, marks = [] }) {
    const start = article.text.indexOf(text, read);
    if (start >= 0) read = start + text.length;
    const quotes = start < 0 ? [] : quoteRanges.map(({ quote, index, ...span }) => ({
      start: span.start - start,
      end: span.end - start,
      wrap: () => quoteMark(quote, index, named),
    }));
    return marked(text, [...marks.map((mark) => ({ ...mark, wrap: inline(mark) })), ...quotes]);
  }

  return article.body.map((block) => {
    if (block.type === "heading") return element(`h${Math.min(block.level, 6)}`, {}, ...passage(block));
    if (block.type === "blockquote") return element("blockquote", {}, element("p", {}, ...passage(block)));
    if (block.type === "list") {
      const items = block.items.map((item) => element("li", {}, ...passage(item)));
      return element(block.ordered ? "ol" : "ul", {}, ...items);
    }
    if (block.type === "image") return picture(block.media);
    if (block.type === "paragraph") return element("p", {}, ...passage(block));
    return null;
  }).filter(Boolean);
}

/** The first piece of a quote has its name, so that it can be gone to. */
function quoteMark(quote, index, named) {
  const id = named.has(quote.id) ? null : `quote-${quote.id}`;
  named.add(quote.id);
  const title = quote.speaker ? `${quote.speaker.name}, ${quote.kind}` : quote.kind;
  return element("mark", { id, title, tabindex: id ? -1 : null, "data-quote": quote.id, "data-span": index });
}
