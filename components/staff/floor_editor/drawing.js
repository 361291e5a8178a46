// What things on the canvas share: {texts, store, turn(id, degrees, isDone), resized(id, box)}, the
// same object for the canvas's whole life.

import { createContext } from "react";

export const Drawing = createContext(null);
