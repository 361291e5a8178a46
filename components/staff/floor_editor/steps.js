// What an operation does to a plan in the browser, and the operations that take it back.
// A plan is {items: {id: item}, order: [id, ...], settings}; every function returns a new one.

export const applyStep = (plan, step) => {
  switch (step.op) {
    case "add": {
      const fresh = step.items.filter((item) => !plan.items[item.id]);
      const items = { ...plan.items };
      for (const item of fresh) items[item.id] = item;
      const at = step.at ?? plan.order.length;
      const ids = fresh.map((item) => item.id);
      return { ...plan, items, order: [...plan.order.slice(0, at), ...ids, ...plan.order.slice(at)] };
    }
    case "change": {
      const items = { ...plan.items };
      for (const { id, set } of step.items) if (items[id]) items[id] = { ...items[id], ...set };
      return { ...plan, items };
    }
    case "remove": {
      const doomed = new Set(step.ids);
      const items = {};
      for (const id of plan.order) {
        if (doomed.has(id)) continue;
        const item = plan.items[id];
        items[id] = item.area && doomed.has(item.area) ? { ...item, area: null } : item;
      }
      return { ...plan, items, order: plan.order.filter((id) => !doomed.has(id)) };
    }
    case "reorder": {
      const wanted = step.ids.filter((id) => plan.items[id]);
      const named = new Set(wanted);
      let next = 0;
      return { ...plan, order: plan.order.map((id) => (named.has(id) ? wanted[next++] : id)) };
    }
    case "settings":
      return { ...plan, settings: { ...plan.settings, mode: step.mode } };
    default:
      return plan;
  }
};

const bare = ({ revs, ...item }) => item;

// The steps that bring `plan` back after `step`.
export const inverse = (plan, step) => {
  switch (step.op) {
    case "add":
      return [{ op: "remove", ids: step.items.map((item) => item.id) }];
    case "change": {
      const items = step.items
        .filter(({ id }) => plan.items[id])
        .map(({ id, set }) => ({ id, set: Object.fromEntries(Object.keys(set).map((k) => [k, plan.items[id][k]])) }));
      return items.length ? [{ op: "change", items }] : [];
    }
    case "remove": {
      const doomed = new Set(step.ids);
      const back = plan.order.filter((id) => doomed.has(id)).map((id) => bare(plan.items[id]));
      const orphans = plan.order
        .filter((id) => !doomed.has(id) && doomed.has(plan.items[id].area))
        .map((id) => ({ id, set: { area: plan.items[id].area } }));
      return [
        ...(back.length ? [{ op: "add", items: back }] : []),
        ...(orphans.length ? [{ op: "change", items: orphans }] : []),
        { op: "reorder", ids: plan.order },
      ];
    }
    case "reorder":
      return [{ op: "reorder", ids: plan.order }];
    case "settings":
      return [{ op: "settings", mode: plan.settings.mode ?? "free" }];
    default:
      return [];
  }
};

// What is left of a step when some of its items are somebody else's now.
export const forItem = (step, id) => {
  if (step.op === "change") {
    const items = step.items.filter((one) => one.id === id);
    return items.length ? { op: "change", items } : null;
  }
  return step.op === "remove" && step.ids.includes(id) ? { op: "remove", ids: [id] } : null;
};

export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};
