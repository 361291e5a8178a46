// What is known of the tables: what each was told last, and the number the news have come to.

export const NOTHING = { epoch: "", number: 0, tables: {} };

const isGap = (known, news) => news.epoch !== known.epoch || news.from > known.number;

// News that start after what is known leave a hole: somebody has to ask for everything.
export const misses = (known, news) => Boolean(news?.epoch) && news.from > 0 && isGap(known, news);

const isSame = (one, other) => {
  if (!one) return false;
  const names = Object.keys(other);
  return names.length === Object.keys(one).length && names.every((name) => one[name] === other[name]);
};

// A table that was told again as it was stays the same object: React then leaves it alone.
export const hear = (known, news) => {
  if (!news?.epoch || misses(known, news)) return known;
  if (news.epoch === known.epoch && news.to <= known.number) return known;
  const tables = news.from > 0 ? { ...known.tables } : {};
  for (const [id, told] of Object.entries(news.tables)) {
    tables[id] = isSame(known.tables[id], told) ? known.tables[id] : told;
  }
  return { epoch: news.epoch, number: news.to, tables };
};

// What somebody typed: a table's number stands for that table alone, anything else for every table that has it.
export const finder = (places, search, mine) => {
  const words = search.trim().toLowerCase();
  const isNumber = places.some((place) => place.number.toLowerCase() === words);
  return (place, table) => {
    if (mine && table.waiter_id !== mine) return false;
    if (!words) return true;
    return isNumber ? place.number.toLowerCase() === words : table.haystack.includes(words);
  };
};
