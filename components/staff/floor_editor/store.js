// The plan while it is edited. What a hand does is shown at once, kept in the browser, and sent as
// operations until the server has answered each; what others did comes back with the answers.

import { useSyncExternalStore } from "react";
import { applyStep, forItem, inverse, newId } from "./steps.js";

const RESEND_MS = [4000, 8000, 15000];
const MOST_STEPS = 200;
// The server's socket takes a message of 1,000,000 signs and ends with a longer one: an afternoon
// drawn without a connection goes out in parts.
const MOST_SIGNS = 300_000;
const MOST_UNDO = 100;
const EMPTY = { items: {}, order: [], settings: {} };
const shelf = (layoutId) => `smartmenu-plan-${layoutId}`;

const recall = (layoutId) => {
  try {
    return JSON.parse(localStorage.getItem(shelf(layoutId)) ?? "null");
  } catch {
    return null;
  }
};

// The first steps that one message holds; a step that is larger goes alone.
export const fitting = (steps) => {
  let size = 0;
  const end = steps.findIndex((step, at) => {
    size += JSON.stringify(step).length;
    return at === MOST_STEPS || (at > 0 && size > MOST_SIGNS);
  });
  return end < 0 ? steps : steps.slice(0, end);
};

export class PlanStore {
  constructor(exchange) {
    this.exchange = exchange;
    this.listeners = new Set();
    this.timer = 0;
    this.state = this.blank("");
  }

  blank(layoutId) {
    return {
      layoutId,
      ready: false,
      confirmed: EMPTY,
      plan: EMPTY,
      revision: 0,
      live: false,
      changes: 0,
      problems: [],
      pending: [],
      undo: [],
      redo: [],
      selection: [],
      conflicts: [],
      note: null,
      other: null,
      saving: false,
    };
  }

  subscribe = (listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(patch) {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }

  // -- which layout -------------------------------------------------------------------------------

  open(layoutId) {
    if (!layoutId || layoutId === this.state.layoutId) return;
    const kept = recall(layoutId);
    this.tab = kept?.tab ?? `t-${newId()}`;
    this.inflight = null;
    this.wantsRoom = false;
    this.left = kept?.steps?.length ? kept : null;
    clearTimeout(this.timer);
    this.set(this.blank(layoutId));
    this.ask({ seen: 0, operations: [] });
  }

  // -- doing and undoing --------------------------------------------------------------------------

  commit(steps, { quiet = false } = {}) {
    if (!steps.length) return;
    let { plan } = this.state;
    let back = [];
    const keyed = steps.map((step) => {
      back = [...inverse(plan, step), ...back];
      plan = applyStep(plan, step);
      return { ...step, key: `k-${newId()}` };
    });
    const undo = quiet ? this.state.undo : [...this.state.undo, { steps, back }].slice(-MOST_UNDO);
    this.set({ plan, pending: [...this.state.pending, ...keyed], undo, redo: quiet ? this.state.redo : [] });
    this.keep();
    this.flush();
  }

  change(patches) {
    const items = Object.entries(patches)
      .filter(([id]) => this.state.plan.items[id])
      .map(([id, set]) => ({ id, set }));
    if (items.length) this.commit([{ op: "change", items }]);
  }

  undoOne() {
    const entry = this.state.undo.at(-1);
    if (!entry) return false;
    this.set({ undo: this.state.undo.slice(0, -1), redo: [...this.state.redo, entry] });
    this.commit(entry.back, { quiet: true });
    return true;
  }

  redoOne() {
    const entry = this.state.redo.at(-1);
    if (!entry) return false;
    this.set({ redo: this.state.redo.slice(0, -1), undo: [...this.state.undo, entry] });
    this.commit(entry.steps, { quiet: true });
    return true;
  }

  select(ids) {
    const { selection } = this.state;
    if (ids.length === selection.length && ids.every((id, i) => id === selection[i])) return;
    this.set({ selection: ids });
  }

  say(text, tone = "info") {
    this.set({ note: { text, tone, at: Date.now() } });
  }

  // -- talking with the server --------------------------------------------------------------------

  // Somebody changed this layout ("id:revision"), or the room beside it ("room:n").
  hear(news) {
    const [what, number] = (news ?? "").split(":");
    if (!this.state.ready) return;
    if (what === "room") this.wantsRoom = true;
    else if (what !== this.state.layoutId || Number(number) <= this.state.revision) return;
    this.isCurious = true;
    this.flush();
  }

  flush() {
    if (!this.state.ready || this.inflight) return;
    const operations = fitting(this.state.pending);
    if (!operations.length && !this.isCurious) return;
    const seen = this.left?.seen ?? this.state.revision;
    this.isCurious = false;
    this.ask({ seen, operations, room: this.wantsRoom });
    this.wantsRoom = false;
  }

  ask(body) {
    this.inflight = { id: newId(), layout_id: this.state.layoutId, tab: this.tab, ...body };
    this.tries = 0;
    this.set({ saving: body.operations.length > 0 });
    this.send();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), RESEND_MS[Math.min(this.tries, RESEND_MS.length - 1)]);
    this.tries += 1;
    this.exchange(this.inflight);
  }

  // The connection is back: what waits goes out at once.
  again() {
    if (this.inflight) this.send();
    else {
      this.isCurious = true;
      this.flush();
    }
  }

  hearAnswer(answer) {
    if (!this.inflight || answer?.batch !== this.inflight.id) return;
    clearTimeout(this.timer);
    const sent = new Set(this.inflight.operations.map((step) => step.key));
    const steps = this.inflight.operations;
    const isFirst = !this.state.ready;
    this.inflight = null;
    if (sent.size) this.left = null;
    const confirmed = this.confirm(answer);
    let pending = this.state.pending.filter((step) => !sent.has(step.key));
    if (isFirst && this.left) pending = this.left.steps;
    const plan = pending.reduce(applyStep, confirmed);
    this.set({
      ready: true,
      confirmed,
      plan,
      pending,
      revision: answer.revision,
      live: answer.live,
      changes: answer.changes,
      problems: answer.problems,
      saving: pending.length > 0,
      selection: this.state.selection.filter((id) => plan.items[id]),
      conflicts: [...this.state.conflicts, ...this.quarrels(answer, steps)],
      other: this.whoElse(answer, isFirst) ?? this.state.other,
      ...(answer.refused.length ? { note: { text: answer.refused[0].text, tone: "bad", at: Date.now() } } : {}),
    });
    this.keep();
    this.flush();
  }

  confirm(answer) {
    const before = this.state.confirmed;
    const items = { ...before.items };
    for (const item of answer.items) items[item.id] = item;
    const order = answer.order ?? before.order;
    const known = answer.order ? Object.fromEntries(order.map((id) => [id, items[id]])) : items;
    return { items: known, order, settings: answer.settings };
  }

  quarrels(answer, steps) {
    return answer.conflicts.map((one) => {
      const step = steps.find(({ key }) => key === one.key);
      return { ...one, mine: step ? forItem(step, one.id) : null };
    });
  }

  whoElse(answer, isFirst) {
    if (isFirst) return null;
    for (const item of answer.items) {
      for (const [, who, tab] of Object.values(item.revs)) {
        if (who && tab !== this.tab && tab !== "room") return { who, at: Date.now() };
      }
    }
    return null;
  }

  // Theirs stands already; mine is done again, now knowing theirs.
  decide(keepMine) {
    const [first, ...rest] = this.state.conflicts;
    this.set({ conflicts: rest });
    if (keepMine && first?.mine && this.state.plan.items[first.id]) this.commit([first.mine]);
  }

  // What is not answered yet survives a closed page.
  keep() {
    const { layoutId, pending, revision } = this.state;
    try {
      if (pending.length) {
        const seen = this.left?.seen ?? revision;
        localStorage.setItem(shelf(layoutId), JSON.stringify({ tab: this.tab, seen, steps: pending }));
      } else localStorage.removeItem(shelf(layoutId));
    } catch {
      // Private mode or a full disk: the page itself still holds everything.
    }
  }
}

export const usePlan = (store, choose) => useSyncExternalStore(store.subscribe, () => choose(store.state));
