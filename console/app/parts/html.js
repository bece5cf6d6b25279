/** The renderer: templates whose values become text nodes and properties, never markup. */

export {
  Component,
  createContext,
  html,
  render,
  useContext,
  useEffect,
  useErrorBoundary,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "../../vendor/preact.js";
